add_test(NAME augment/commands COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/augment/commands.sh
  ${CMAKE_BINARY_DIR}/arf)
set_tests_properties(augment/commands PROPERTIES TIMEOUT 300)
