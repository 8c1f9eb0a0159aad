add_test(NAME end_to_end/bad_input
  COMMAND bash ${CMAKE_SOURCE_DIR}/tests/end_to_end/bad_input.sh $<TARGET_FILE:arf>)
set_tests_properties(end_to_end/bad_input PROPERTIES TIMEOUT 120)
add_test(NAME end_to_end/layouts
  COMMAND bash ${CMAKE_SOURCE_DIR}/tests/end_to_end/layouts.sh $<TARGET_FILE:arf>)
set_tests_properties(end_to_end/layouts PROPERTIES TIMEOUT 600 RUN_SERIAL ON)
add_test(NAME end_to_end/real_data_brief
  COMMAND bash ${CMAKE_SOURCE_DIR}/tests/end_to_end/real_data.sh --brief
    ${CMAKE_BINARY_DIR}/real_data_brief)
set_tests_properties(end_to_end/real_data_brief PROPERTIES TIMEOUT 600
  ENVIRONMENT ARF=$<TARGET_FILE:arf>)
add_test(NAME end_to_end/run_files
  COMMAND bash ${CMAKE_SOURCE_DIR}/tests/end_to_end/run_files.sh $<TARGET_FILE:arf>)
set_tests_properties(end_to_end/run_files PROPERTIES TIMEOUT 300 PROCESSORS 2)
add_test(NAME end_to_end/hostile
  COMMAND bash ${CMAKE_SOURCE_DIR}/tests/end_to_end/hostile.sh $<TARGET_FILE:arf>)
set_tests_properties(end_to_end/hostile PROPERTIES TIMEOUT 200)
add_test(NAME end_to_end/strange_files
  COMMAND bash ${CMAKE_SOURCE_DIR}/tests/end_to_end/strange_files.sh $<TARGET_FILE:arf>)
set_tests_properties(end_to_end/strange_files PROPERTIES TIMEOUT 120)
add_test(NAME end_to_end/feed
  COMMAND bash ${CMAKE_SOURCE_DIR}/tests/end_to_end/feed.sh $<TARGET_FILE:arf>)
set_tests_properties(end_to_end/feed PROPERTIES TIMEOUT 600 RUN_SERIAL ON)
