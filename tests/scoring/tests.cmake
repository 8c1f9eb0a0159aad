foreach(script commands default_encoder relabel resume)
  add_test(NAME scoring/${script} COMMAND bash ${CMAKE_CURRENT_SOURCE_DIR}/scoring/${script}.sh
    ${CMAKE_BINARY_DIR}/arf)
  set_tests_properties(scoring/${script} PROPERTIES TIMEOUT 300)
endforeach()
set_tests_properties(scoring/relabel PROPERTIES TIMEOUT 600 PROCESSORS 2)
