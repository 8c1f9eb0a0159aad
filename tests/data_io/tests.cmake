add_test(NAME data_io/recipe
  COMMAND bash ${CMAKE_CURRENT_SOURCE_DIR}/data_io/recipe.sh $<TARGET_FILE:arf>)
set_tests_properties(data_io/recipe PROPERTIES TIMEOUT 120)
