package githubfake_test

import (
	"testing"

	"go.uber.org/goleak"
)

// TestMain: whatever a fake began ends with its test.
func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }
