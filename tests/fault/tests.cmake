add_test(NAME fault/deadlines COMMAND bash ${CMAKE_CURRENT_SOURCE_DIR}/fault/deadlines.sh $<TARGET_FILE:arf>)
add_test(NAME fault/disk COMMAND bash ${CMAKE_CURRENT_SOURCE_DIR}/fault/disk.sh $<TARGET_FILE:arf>)
set_tests_properties(fault/deadlines PROPERTIES TIMEOUT 400 PROCESSORS 2)
set_tests_properties(fault/disk PROPERTIES TIMEOUT 400)
