# The demo must notice that one fen is wrong, say so, and exit with 1.
execute_process(COMMAND ${PROGRAM} --orders 40 --tamper RESULT_VARIABLE code OUTPUT_VARIABLE output ERROR_VARIABLE output)
if(NOT code EQUAL 1)
  message(FATAL_ERROR "exit code ${code} instead of 1\n${output}")
endif()
if(NOT output MATCHES "0\\.01")
  message(FATAL_ERROR "the difference of 0.01 yuan is not named\n${output}")
endif()
