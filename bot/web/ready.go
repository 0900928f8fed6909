package web

import (
	"encoding/json"
	"net/http"
)

// Check is one thing that must be so for the bot to be ready. Its words are for whoever runs the bot.
type Check struct {
	Name string
	Err  func() error // nil: it is so
	Warn bool         // what is wrong with it is said, and the bot is ready all the same
}

// Checked is how a check came out.
type Checked struct {
	Name  string `json:"name"`
	State string `json:"state"`         // ok, warning, failed
	Why   string `json:"why,omitempty"` // when it is not ok
}

// The states of a check.
const (
	OK      = "ok"
	Warning = "warning"
	Failed  = "failed"
)

// Readiness is all checks as they came out.
type Readiness struct {
	Ready  bool      `json:"ready"`
	Checks []Checked `json:"checks"`
}

// Examine makes the checks.
func Examine(checks []Check) Readiness {
	r := Readiness{Ready: true, Checks: []Checked{}}
	for _, c := range checks {
		out := Checked{Name: c.Name, State: OK}
		if err := c.Err(); err != nil {
			out.State, out.Why = Failed, err.Error()
			if c.Warn {
				out.State = Warning
			}
		}
		r.Ready = r.Ready && out.State != Failed
		r.Checks = append(r.Checks, out)
	}
	return r
}

// ready answers 200 or 503, with each check by name.
func ready(checks func() []Check) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		r := Examine(checks())
		plain(w)
		w.Header().Set("Content-Type", "application/json")
		if !r.Ready {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
		enc := json.NewEncoder(w)
		enc.SetEscapeHTML(false)
		enc.SetIndent("", "  ")
		_ = enc.Encode(r) // whoever asked went away
	})
}
