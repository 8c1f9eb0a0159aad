add_test(NAME architecture/includes_go_one_way
  COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/architecture/includes.sh ${CMAKE_SOURCE_DIR})
add_test(NAME architecture/violations_are_seen
  COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/architecture/violations.sh ${CMAKE_SOURCE_DIR})
set_tests_properties(architecture/includes_go_one_way architecture/violations_are_seen
  PROPERTIES TIMEOUT 60)
