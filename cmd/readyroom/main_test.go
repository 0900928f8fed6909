package main

import (
	"os"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// modeVariable names the environment variable that makes this test binary one of the modes instead of the tests.
const modeVariable = "READYROOM_TEST_MODE"

// modes are the programs that tests start as processes of their own, by executing the test binary again.
var modes = map[string]func(){
	"readyroom": main,
}

func TestMain(m *testing.M) {
	if mode, ok := modes[os.Getenv(modeVariable)]; ok {
		mode()
		return
	}
	testscript.Main(m, map[string]func(){"readyroom": main, "talk": talk})
}
