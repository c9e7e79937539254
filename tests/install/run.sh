#!/usr/bin/env bash
# Installs into an empty folder, then builds and runs a program outside the tree, by CMake and by pkg-config.
# usage: run.sh SOURCE_DIR BUILD_DIR COMPILER
set -euo pipefail
source=$1
build=$2
compiler=$3
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
fail() { echo "FAILED: $*"; exit 1; }

cmake --install "$build" --prefix "$work/prefix" >"$work/install.log" || { cat "$work/install.log"; fail "cmake --install"; }
cp -r "$source/tests/install/consumer" "$work/consumer"
cd "$work"

# What is installed must not know where it was built.
if grep -rnF -e "$source" -e "$build" prefix --include='*.cmake' --include='*.pc' --include='*.hpp'; then fail "the lines above name the source tree"; fi
for header in "$source"/include/openapi/*.hpp; do
  cmp -s "$header" "prefix/include/openapi/${header##*/}" || fail "${header##*/} is not installed"
done
[ "$(find prefix/include -type f | wc -l)" = "$(find "$source/include" -name '*.hpp' | wc -l)" ] || fail "more headers are installed than are public"

expected=$'88.00 8805\nunsupported notSent'
mv prefix moved # the package must work wherever it lies

cmake -G Ninja -S consumer -B by-cmake -DCMAKE_CXX_COMPILER="$compiler" -DCMAKE_PREFIX_PATH="$work/moved" >"$work/log" 2>&1 || { cat "$work/log"; fail "find_package"; }
cmake --build by-cmake >"$work/log" 2>&1 || { cat "$work/log"; fail "build by find_package"; }
[ "$(by-cmake/consumer)" = "$expected" ] || { by-cmake/consumer; fail "the program built by find_package"; }

export PKG_CONFIG_PATH="$work/moved/lib/pkgconfig:$(find "$work/moved" -name pkgconfig -type d | tr '\n' ':')"
# The command of the README, word for word.
CXX=$compiler
cd consumer
$CXX -std=c++20 main.cpp $(pkg-config --cflags --libs openapi) -o shop
[ "$(./shop)" = "$expected" ] || { ./shop; fail "the program built by pkg-config"; }
echo "installed; built and run by find_package and by pkg-config"
