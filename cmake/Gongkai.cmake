# SPDX-License-Identifier: Apache-2.0
# The two functions by which every target is made, and the warnings they set.

add_library(gongkai_options INTERFACE)
target_compile_options(gongkai_options INTERFACE
  -Wall -Wextra -Wshadow -Wnon-virtual-dtor -Werror
  # GCC 12 reports these for std::string assigned from a literal.
  $<$<CXX_COMPILER_ID:GNU>:-Wno-error=stringop-overflow>
  $<$<CXX_COMPILER_ID:GNU>:-Wno-error=restrict>)
target_include_directories(gongkai_options INTERFACE ${PROJECT_SOURCE_DIR})
if(GONGKAI_SANITIZE)
  add_compile_options(-fsanitize=${GONGKAI_SANITIZE} -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${GONGKAI_SANITIZE})
endif()

# gongkai_library(NAME SOURCES … LINKS …): one room of the house. LINKS are the
# rooms and libraries that it may include.
function(gongkai_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LINKS" ${ARGN})
  add_library(${name} STATIC ${ARG_SOURCES})
  target_link_libraries(${name} PUBLIC ${ARG_LINKS} PRIVATE gongkai_options)
  target_include_directories(${name} PUBLIC ${PROJECT_SOURCE_DIR})
  # What is tested or measured is optimised; what only tests costs building time.
  set(tests ${PROJECT_SOURCE_DIR}/tests)
  cmake_path(IS_PREFIX tests ${CMAKE_CURRENT_SOURCE_DIR} tests_only)
  if(tests_only AND NOT CMAKE_CURRENT_SOURCE_DIR STREQUAL "${tests}/bench")
    target_compile_options(${name} PRIVATE $<$<CONFIG:Release>:-O0>)
  endif()
  # Rooms that read messages and speak no wire read the same: parsed once.
  cmake_path(RELATIVE_PATH CMAKE_CURRENT_SOURCE_DIR
    BASE_DIRECTORY ${PROJECT_SOURCE_DIR} OUTPUT_VARIABLE room)
  set(rooms account act audit auth casework jobs law report)
  list(TRANSFORM rooms PREPEND services/)
  if(room IN_LIST rooms OR room STREQUAL storage/postgres)
    gongkai_reuse(${name} gongkai_room_headers)
  endif()
endfunction()

# gongkai_executable(NAME SOURCES … LINKS …): a program.
function(gongkai_executable name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LINKS" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE ${ARG_LINKS} gongkai_options)
  set_target_properties(${name} PROPERTIES
    RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
endfunction()

# gongkai_precompile(TARGET HEADERS…): headers of libraries and of the contract
# that most files of a large target read: parsed once. ccache wants the flag.
function(gongkai_precompile target)
  list(TRANSFORM ARGN REPLACE "(.+)" "<\\1>" OUTPUT_VARIABLE headers)
  target_precompile_headers(${target} PRIVATE ${headers})
  target_compile_options(${target} PRIVATE $<$<CXX_COMPILER_ID:GNU>:-fpch-preprocess>)
endfunction()

# gongkai_reuse(TARGET HEADERS): the headers that the target HEADERS parsed. Both
# are compiled with the same macros.
function(gongkai_reuse target headers)
  target_precompile_headers(${target} REUSE_FROM ${headers})
  target_compile_options(${target} PRIVATE $<$<CXX_COMPILER_ID:GNU>:-fpch-preprocess>)
  # GCC 12 forgets that these come from the system, and warns of absl and std.
  if(NOT CMAKE_DISABLE_PRECOMPILE_HEADERS)
    target_compile_options(${target} PRIVATE "$<$<CXX_COMPILER_ID:GNU>:-Wno-array-bounds;-Wno-stringop-overread;-Wno-stringop-overflow;-Wno-restrict>")
  endif()
endfunction()

# gongkai_test(NAME SOURCES … LINKS … [LABELS …]): one test binary, one ctest
# entry. It finds the sources by GONGKAI_SOURCE_DIR and the programs by
# GONGKAI_BIN_DIR in its environment.
function(gongkai_test name)
  cmake_parse_arguments(ARG "" "TIMEOUT" "SOURCES;LINKS;LABELS" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE ${ARG_LINKS} GTest::gmock_main gongkai_options)
  # What is tested is optimised; the tests themselves only cost building time.
  target_compile_options(${name} PRIVATE $<$<CONFIG:Release>:-O0>)
  # The whole service is most of what such a test reads, or the messages and the
  # test library: parsed once for all.
  string(REGEX MATCH "gongkai_(test_(house|office|service|whole)|wall_house)" service "${ARG_LINKS}")
  cmake_path(GET CMAKE_CURRENT_SOURCE_DIR FILENAME folder)
  set(pure account audit casework law personal report storage vault)
  if(service)
    gongkai_reuse(${name} gongkai_test_headers)
  elseif(folder IN_LIST pure)
    gongkai_reuse(${name} gongkai_pure_test_headers)
  endif()
  add_test(NAME ${name} COMMAND ${name})
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 300)
  endif()
  set_tests_properties(${name} PROPERTIES
    TIMEOUT ${ARG_TIMEOUT} LABELS "${ARG_LABELS}"
    ENVIRONMENT "GONGKAI_SOURCE_DIR=${PROJECT_SOURCE_DIR};GONGKAI_BIN_DIR=${CMAKE_BINARY_DIR}/bin")
endfunction()
