add_test(NAME text/commands
  COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/text/commands.sh $<TARGET_FILE:arf>)
set_tests_properties(text/commands PROPERTIES TIMEOUT 120)
