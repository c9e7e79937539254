#pragma once

#include <string_view>

// The files of the folder `page`, built in.
namespace bmob_admin::page {

extern const std::string_view html;
extern const std::string_view script;
extern const std::string_view style;

}  // namespace bmob_admin::page
