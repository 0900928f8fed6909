package flag

import (
	"encoding/json"
	"fmt"

	"github.com/readyroom/readyroom/workflows"
)

// schema names what flagd and editors check a definition against.
const schema = "https://flagd.dev/schema/v0/flags.json"

type definition struct {
	Schema   string                        `json:"$schema"`
	Metadata map[string]string             `json:"metadata"`
	Flags    map[workflows.FlagKey]defined `json:"flags"`
}

type defined struct {
	State          string          `json:"state"` // always ENABLED: see Reason
	Variants       map[string]bool `json:"variants"`
	DefaultVariant string          `json:"defaultVariant"`
	Targeting      *rule           `json:"targeting,omitempty"`
}

// Definition exports one environment as flagd's JSON, the same bytes for the same flags. The environment is the flag
// set's id. Nothing about people or releases is in it: applications pass it on.
func (c *Compiled) Definition(env workflows.Environment) ([]byte, error) {
	keys, ok := c.percents[env]
	if !ok {
		return nil, fmt.Errorf("%w: no environment %q", ErrNotFound, env)
	}
	d := definition{
		Schema:   schema,
		Metadata: map[string]string{"flagSetId": string(env)},
		Flags:    make(map[workflows.FlagKey]defined, len(keys)),
	}
	for key, percent := range keys {
		d.Flags[key] = defined{
			State:          "ENABLED",
			Variants:       map[string]bool{On: true, Off: false},
			DefaultVariant: settled(percent),
			Targeting:      ruleOf(percent),
		}
	}
	out, err := json.MarshalIndent(d, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("export flags of %s: %w", env, err)
	}
	return out, nil
}
