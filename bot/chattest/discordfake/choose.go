package discordfake

import (
	"fmt"
	"slices"
	"strings"
)

// picks finds a list, and what is chosen in it.
func (p *Person) picks(name, value string) func(part) ([]string, []string, bool) {
	return func(c part) (values, ids []string, ok bool) {
		if !c.selects() || c.CustomID != name && c.Placeholder != name {
			return nil, nil, false
		}
		values, ids, err := p.f.choose(c, value)
		if err != nil {
			return nil, nil, false
		}
		return values, ids, true
	}
}

// choose gives the values of what is named in a list; the lock is held.
func (f *Fake) choose(c part, value string) (values, ids []string, err error) {
	values = []string{}
	for one := range strings.SplitSeq(value, "; ") {
		if one == "" {
			continue
		}
		v := ""
		switch c.Type {
		case stringSelect:
			if i := slices.IndexFunc(c.Options, func(o option) bool { return o.Label == one || o.Value == one }); i >= 0 {
				v = c.Options[i].Value
			}
		default:
			v = f.called(map[int]int{5: UserOption, 6: RoleOption, 7: MentionOption, 8: ChannelOption}[c.Type], one)
			ids = append(ids, v)
		}
		if v == "" {
			return nil, nil, fmt.Errorf("%q is not to be chosen in %s", one, control(c))
		}
		values = append(values, v)
	}
	least, most := 1, 1
	if c.Least != nil {
		least = *c.Least
	}
	if c.Most != nil {
		most = *c.Most
	}
	if n := len(values); n > most || n > 0 && n < least {
		return nil, nil, fmt.Errorf("%d are chosen, where it takes %d to %d", n, least, most)
	}
	return values, ids, nil
}
