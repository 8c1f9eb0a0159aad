add_executable(test_comm comm/mpi_program.cpp)
target_link_libraries(test_comm PRIVATE arf_comm)
foreach(np 1 2 3 4)
  arf_mpi_test(comm/np${np} ${np} $<TARGET_FILE:test_comm>)
endforeach()

foreach(case "alone 3" "together 4")
  separate_arguments(case)
  list(GET case 0 mode)
  list(GET case 1 code)
  add_test(NAME comm/error_${mode} COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/comm/exit_code.sh ${code}
    ${MPIEXEC_EXECUTABLE} -np 3 --oversubscribe --bind-to none $<TARGET_FILE:test_comm> ${mode})
  set_tests_properties(comm/error_${mode} PROPERTIES TIMEOUT 120 PROCESSORS 3 ENVIRONMENT
    "OMPI_ALLOW_RUN_AS_ROOT=1;OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1")
endforeach()
