add_test(NAME programs/doctor
  COMMAND bash ${CMAKE_CURRENT_SOURCE_DIR}/programs/doctor.sh $<TARGET_FILE:arf>)
set_tests_properties(programs/doctor PROPERTIES TIMEOUT 120)
