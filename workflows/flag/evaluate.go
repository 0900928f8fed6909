package flag

import (
	"errors"
	"fmt"
	"time"

	"github.com/readyroom/readyroom/workflows"
)

// The variants of a flag. Every flag is boolean.
const (
	On  = "on"
	Off = "off"
)

// Reason says why an evaluation came out as it did, in OpenFeature's words.
type Reason string

// The reasons that occur. DISABLED is not among them, on purpose: flagd and the SDKs answer a disabled flag with the
// default in the caller's code, which may well be on. A flag that was killed must be off, so it is STATIC and off.
const (
	Static  Reason = "STATIC"  // the same for everybody
	Split   Reason = "SPLIT"   // by the bucket of the targeting key
	Default Reason = "DEFAULT" // a split without a targeting key: off
)

// ErrNotFound is what evaluating an unknown flag, or any flag of an unknown environment, gives: OpenFeature's
// FLAG_NOT_FOUND.
var ErrNotFound = errors.New("flag not found")

// Evaluation is one flag's value for one targeting key.
type Evaluation struct {
	Key     workflows.FlagKey     `json:"key"`
	Env     workflows.Environment `json:"env"`
	Variant string                `json:"variant"`
	Value   bool                  `json:"value"`
	Reason  Reason                `json:"reason"`
	Percent int                   `json:"percent"`          // how far the flag is open in Env
	Bucket  *int                  `json:"bucket,omitempty"` // of a split: 0 to 99; on below Percent
	AsOf    time.Time             `json:"as_of,omitzero"`   // the time of the ledger that the set was compiled at
	Stale   bool                  `json:"stale,omitempty"`  // the store cannot be trusted any more: it may have been changed since
}

// Compiled is a set of flags ready for evaluation. It never changes, so any number of goroutines may share it.
type Compiled struct {
	percents map[workflows.Environment]map[workflows.FlagKey]int
	users    map[workflows.FlagKey]workflows.Environment // where users are
	size     workflows.Seq                               // of the ledger it was compiled at
	at       time.Time                                   // the time of its last event
}

// Compile makes the set of all flags in all environments. Every flag is in every environment, off where nobody set it.
func Compile(flags []Flag, environments []workflows.Environment) *Compiled {
	c := &Compiled{percents: make(map[workflows.Environment]map[workflows.FlagKey]int, len(environments)),
		users: make(map[workflows.FlagKey]workflows.Environment, len(flags))}
	for _, f := range flags {
		c.users[f.Key] = f.Users
	}
	for _, env := range environments {
		keys := make(map[workflows.FlagKey]int, len(flags))
		for _, f := range flags {
			keys[f.Key] = f.Percents[env]
		}
		c.percents[env] = keys
	}
	return c
}

// AsOf is the same set, with the ledger that it was compiled at: its size, and the time of its last event.
func (c *Compiled) AsOf(size workflows.Seq, at time.Time) *Compiled {
	marked := *c
	marked.size, marked.at = size, at.UTC()
	return &marked
}

// Size is that of the ledger that the set was compiled at.
func (c *Compiled) Size() workflows.Seq { return c.size }

// Evaluate gives a flag's value for a targeting key, as flagd gives it for Definition's export. The key is any text
// that stays the same for one user; without one, a split is off for everybody. An empty environment is the one that the
// flag's users are in.
func (c *Compiled) Evaluate(env workflows.Environment, key workflows.FlagKey, targetingKey string) (Evaluation, error) {
	if env == "" {
		env = c.users[key]
	}
	keys, ok := c.percents[env]
	if !ok {
		return Evaluation{}, fmt.Errorf("%w: no environment %q", ErrNotFound, env)
	}
	percent, ok := keys[key]
	if !ok {
		return Evaluation{}, fmt.Errorf("%w: %q", ErrNotFound, key)
	}
	e := Evaluation{Key: key, Env: env, Variant: settled(percent), Reason: Static, Percent: percent, AsOf: c.at}
	if rule := ruleOf(percent); rule != nil {
		e.Reason = Default
		if targetingKey != "" {
			seed := string(key) + targetingKey
			b := int(bucket(seed, 100))
			e.Variant, e.Reason, e.Bucket = pick(seed, rule.Fractional), Split, &b
		}
	}
	e.Value = e.Variant == On
	return e, nil
}

// settled is the variant of whoever no rule is about.
func settled(percent int) string {
	if percent == 100 {
		return On
	}
	return Off
}

// rule is a targeting rule in flagd's form. Its short form, without a bucketing value, buckets by flag key and
// targeting key, one written after the other.
type rule struct {
	Fractional []share `json:"fractional"`
}

// ruleOf is nil where everybody gets the same. On comes first: see pick.
func ruleOf(percent int) *rule {
	if percent <= 0 || percent >= 100 {
		return nil
	}
	return &rule{Fractional: []share{{On, uint32(percent)}, {Off, uint32(100 - percent)}}}
}
