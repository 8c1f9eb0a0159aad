# Run by every build: writes OUTPUT, a source file that holds the commit of SOURCE, where it is not
# the same already.
execute_process(COMMAND git -C ${SOURCE} describe --always --dirty
  OUTPUT_VARIABLE commit OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
if(NOT commit)
  set(commit "unknown commit")
endif()
file(CONFIGURE OUTPUT ${OUTPUT} CONTENT [[
#include "programs/version.h"
namespace arf {
const char* const kCommit = "@commit@";
}
]] @ONLY)
