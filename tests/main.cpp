// Each file of a folder is one suite, named after the file; CTest runs them one by one.
#define BOOST_TEST_MODULE arf
#include <boost/test/unit_test.hpp>
