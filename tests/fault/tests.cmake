add_test(NAME fault/deadlines COMMAND bash ${CMAKE_CURRENT_SOURCE_DIR}/fault/deadlines.sh $<TARGET_FILE:arf>)
add_test(NAME fault/disk COMMAND bash ${CMAKE_CURRENT_SOURCE_DIR}/fault/disk.sh $<TARGET_FILE:arf>)
set_tests_properties(fault/deadlines PROPERTIES TIMEOUT 900 PROCESSORS 2)
set_tests_properties(fault/disk PROPERTIES TIMEOUT 900)
# The same, where no checkpoint is synced: it has to be seen.
add_test(NAME fault/disk_unsynced COMMAND bash ${CMAKE_CURRENT_SOURCE_DIR}/fault/disk.sh $<TARGET_FILE:arf> 6 train)
set_tests_properties(fault/disk_unsynced PROPERTIES TIMEOUT 300
  ENVIRONMENT "KINDS=power;FAULT_UNSYNCED=*/checkpoints*"
  PASS_REGULAR_EXPRESSION "WRONG, train at [0-9]+ power: goes on after nothing, and [0-9]+ was written")
add_test(NAME fault/soak COMMAND bash ${CMAKE_CURRENT_SOURCE_DIR}/fault/soak.sh $<TARGET_FILE:arf> 10)
set_tests_properties(fault/soak PROPERTIES TIMEOUT 600 PROCESSORS 2)
add_test(NAME fault/broken_unit COMMAND bash ${CMAKE_CURRENT_SOURCE_DIR}/fault/broken_unit.sh $<TARGET_FILE:arf>)
set_tests_properties(fault/broken_unit PROPERTIES TIMEOUT 200 PROCESSORS 2)
add_test(NAME fault/two_hosts COMMAND bash ${CMAKE_CURRENT_SOURCE_DIR}/fault/two_hosts.sh $<TARGET_FILE:arf> both blip)
set_tests_properties(fault/two_hosts PROPERTIES TIMEOUT 400 PROCESSORS 2 SKIP_RETURN_CODE 77)
add_test(NAME fault/vanished COMMAND bash ${CMAKE_CURRENT_SOURCE_DIR}/fault/vanished.sh $<TARGET_FILE:arf>)
set_tests_properties(fault/vanished PROPERTIES TIMEOUT 200)
