add_test(NAME launch/minilm COMMAND bash ${CMAKE_CURRENT_SOURCE_DIR}/launch/minilm.sh ${CMAKE_SOURCE_DIR})
set_tests_properties(launch/minilm PROPERTIES TIMEOUT 60)
