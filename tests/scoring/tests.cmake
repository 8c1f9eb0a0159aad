foreach(script commands default_encoder relabel resume ranks bad_texts)
  add_test(NAME scoring/${script} COMMAND bash ${CMAKE_CURRENT_SOURCE_DIR}/scoring/${script}.sh
    ${CMAKE_BINARY_DIR}/arf)
  set_tests_properties(scoring/${script} PROPERTIES TIMEOUT 300)
endforeach()
set_tests_properties(scoring/relabel PROPERTIES TIMEOUT 600 PROCESSORS 2)
set_tests_properties(scoring/ranks PROPERTIES PROCESSORS 3 ENVIRONMENT
  "OMPI_ALLOW_RUN_AS_ROOT=1;OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1;OMPI_MCA_rmaps_base_oversubscribe=1")
