package flag

import (
	"testing"

	"github.com/twmb/murmur3"
)

var suits = []share{{"clubs", 25}, {"diamonds", 25}, {"hearts", 25}, {"spades", 25}}

// The examples that flagd publishes for all its implementations: open-feature/flagd-testbed,
// evaluator/gherkin/fractional.feature (those tagged fractional-v2) with evaluator/flags/testkit-flags.json; the last
// ones are from open-feature/flagd, core v0.16.0, pkg/evaluator/fractional_test.go.
func TestFractionalExamplesOfFlagd(t *testing.T) {
	coin := []share{{"heads", 1}, {"tails", 1}}
	edge := []share{{"lower", 50}, {"upper", 50}}
	for _, c := range []struct {
		seed  string
		split []share
		want  string
	}{
		{"fractional-flagjack", suits, "hearts"},
		{"fractional-flagqueen", suits, "spades"},
		{"fractional-flagten", suits, "clubs"},
		{"fractional-flagnine", suits, "diamonds"},
		{"fractional-flag3", suits, "clubs"},
		{"fractional-flag-shorthandjon@company.com", coin, "heads"},
		{"fractional-flag-shorthandjane@company.com", coin, "tails"},
		{"shared-seedseven", suits, "hearts"},
		{"shared-seedeight", suits, "diamonds"},
		{"shared-seednine", suits, "clubs"},
		{"shared-seedtwo", suits, "spades"},
		{"ejOoVL", edge, "lower"},
		{"bY9fO-", edge, "lower"},
		{"SI7p-", edge, "lower"},
		{"6LvT0", edge, "upper"},
		{"ceQdGm", edge, "upper"},
		{"jon@company.com", []share{{"red", 100}, {"blue", 10}}, "red"},
		{"jon@company.com", []share{{"red", 0}, {"blue", 10}}, "blue"},
		{"user1", []share{{"red", 0}, {"blue", 10}}, "blue"},
		{"headerColorfoo@foo.com", []share{{"blue", 50}, {"green", 50}}, "green"},
		{"headerColorfoo@foo.com", []share{{"red", 50}, {"blue", 50}}, "blue"},
		{"anybody", []share{{"one", 0}, {"two", 0}}, ""},
	} {
		if got := pick(c.seed, c.split); got != c.want {
			t.Errorf("pick(%q, %v) = %q, want %q", c.seed, c.split, got, c.want)
		}
	}
}

// Seeds whose hashes are the extreme ones, and the buckets the testbed states for them and for two ordinary keys.
func TestBucketsAtTheEdges(t *testing.T) {
	for _, c := range []struct {
		seed   string
		hash   uint32
		bucket uint64
	}{
		{"ejOoVL", 0, 0},
		{"bY9fO-", 1, 0},
		{"SI7p-", 1<<31 - 1, 49},
		{"6LvT0", 1 << 31, 50},
		{"ceQdGm", 1<<32 - 1, 99},
		{"jon@company.com", murmur3.StringSum32("jon@company.com"), 36},
		{"user1", murmur3.StringSum32("user1"), 76},
	} {
		if got := murmur3.StringSum32(c.seed); got != c.hash {
			t.Errorf("hash of %q is %d, want %d", c.seed, got, c.hash)
		}
		if got := bucket(c.seed, 100); got != c.bucket {
			t.Errorf("bucket(%q) = %d, want %d", c.seed, got, c.bucket)
		}
	}
}
