add_test(NAME model/commands COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/model/commands.sh
  ${CMAKE_BINARY_DIR}/arf ${CMAKE_SOURCE_DIR})
set_tests_properties(model/commands PROPERTIES TIMEOUT 300)
