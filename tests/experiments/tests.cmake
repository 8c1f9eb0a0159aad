add_test(NAME experiments/commands COMMAND bash ${CMAKE_CURRENT_SOURCE_DIR}/experiments/commands.sh
  ${CMAKE_BINARY_DIR}/arf)
set_tests_properties(experiments/commands PROPERTIES TIMEOUT 600)
