package release

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/readyroom/readyroom/workflows/policy"
)

func TestRaised(t *testing.T) {
	migrations := Raise{Paths: []string{"docs", "**/migrations/**"}, To: policy.High}
	api := Raise{Paths: []string{"api/*.proto"}, Labels: []string{"api", "security"}, To: policy.Normal}
	broken := Raise{Paths: []string{"[a", ""}, To: policy.High}
	for name, c := range map[string]struct {
		rules         []Raise
		files, labels []string
		rule          Raise
		what          string
	}{
		"no rules":           {nil, []string{"migrations/1.sql"}, []string{"api"}, Raise{}, ""},
		"nothing touched":    {[]Raise{migrations, api, {To: policy.High}}, nil, nil, Raise{}, ""},
		"nothing matches":    {[]Raise{migrations, api, {To: policy.High}}, []string{"xmigrations/1.sql", "api/v1/a.proto"}, []string{"apis"}, Raise{}, ""},
		"at the root":        {[]Raise{migrations}, []string{"a.go", "migrations/1.sql"}, nil, migrations, "migrations/1.sql"},
		"further in":         {[]Raise{migrations}, []string{"db/x/migrations/y/1.sql"}, nil, migrations, "db/x/migrations/y/1.sql"},
		"a folder":           {[]Raise{migrations}, []string{"docs/a.md"}, nil, migrations, "docs/a.md"},
		"by a label":         {[]Raise{migrations, api}, []string{"a.go"}, []string{"bug", "security"}, api, "label security"},
		"in other letters":   {[]Raise{migrations, api}, nil, []string{"Security"}, api, "label security"},
		"the highest":        {[]Raise{api, migrations, api}, []string{"api/a.proto", "migrations/1.sql"}, []string{"api"}, migrations, "migrations/1.sql"},
		"the first of equal": {[]Raise{{Labels: []string{"x"}, To: policy.High}, migrations}, []string{"docs/a"}, []string{"x"}, Raise{Labels: []string{"x"}, To: policy.High}, "label x"},
		"a broken pattern":   {[]Raise{broken, api}, []string{"[a", "api/a.proto"}, nil, api, "api/a.proto"},
	} {
		rule, what, ok := Raised(c.rules, c.files, c.labels)
		if diff := cmp.Diff(c.rule, rule); diff != "" || what != c.what || ok != (c.what != "") {
			t.Errorf("%s: %q %v %s", name, what, ok, diff)
		}
	}
}
