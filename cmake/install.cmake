# The installed package: find_package(openapi) gives openapi::openapi, pkg-config gives openapi.
include(CMakePackageConfigHelpers)
set(openapi_cmake_dir ${CMAKE_INSTALL_LIBDIR}/cmake/openapi)

install(TARGETS openapi openapi_lib openapi_asio EXPORT openapi-targets ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(DIRECTORY ${PROJECT_SOURCE_DIR}/include/openapi DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} FILES_MATCHING PATTERN *.hpp)
install(EXPORT openapi-targets NAMESPACE openapi:: DESTINATION ${openapi_cmake_dir})

configure_package_config_file(${CMAKE_CURRENT_LIST_DIR}/openapi-config.cmake.in ${PROJECT_BINARY_DIR}/openapi-config.cmake
  INSTALL_DESTINATION ${openapi_cmake_dir} NO_SET_AND_CHECK_MACRO)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/openapi-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/openapi-config.cmake ${PROJECT_BINARY_DIR}/openapi-config-version.cmake DESTINATION ${openapi_cmake_dir})

# Users must see Asio with the definitions that the library was built with.
get_target_property(openapi_definitions openapi_asio INTERFACE_COMPILE_DEFINITIONS)
list(TRANSFORM openapi_definitions PREPEND -D)
list(JOIN openapi_definitions " " openapi_pc_definitions)
if(OPENAPI_WITH_REDIS)
  set(openapi_pc_redis " hiredis")
endif()
if(OPENAPI_WITH_POSTGRESQL)
  set(openapi_pc_postgresql " libpqxx")
endif()
if(ISAL_FOUND)
  set(openapi_pc_isal " libisal")
endif()
file(RELATIVE_PATH openapi_pc_to_prefix /prefix/${CMAKE_INSTALL_LIBDIR}/pkgconfig /prefix)
configure_file(${CMAKE_CURRENT_LIST_DIR}/openapi.pc.in ${PROJECT_BINARY_DIR}/openapi.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/openapi.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
install(FILES ${PROJECT_SOURCE_DIR}/LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})
