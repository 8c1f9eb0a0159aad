add_test(NAME programs/doctor
  COMMAND bash ${CMAKE_CURRENT_SOURCE_DIR}/programs/doctor.sh $<TARGET_FILE:arf>)
set_tests_properties(programs/doctor PROPERTIES TIMEOUT 120)
add_test(NAME programs/ranks
  COMMAND bash ${CMAKE_CURRENT_SOURCE_DIR}/programs/ranks.sh $<TARGET_FILE:arf>)
set_tests_properties(programs/ranks PROPERTIES TIMEOUT 120 PROCESSORS 2 ENVIRONMENT
  "OMPI_ALLOW_RUN_AS_ROOT=1;OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1;OMPI_MCA_rmaps_base_oversubscribe=1")
