add_test(NAME evaluation/commands COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/evaluation/commands.sh
  ${CMAKE_BINARY_DIR}/arf ${CMAKE_SOURCE_DIR})
set_tests_properties(evaluation/commands PROPERTIES TIMEOUT 300)
