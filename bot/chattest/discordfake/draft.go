package discordfake

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
)

// The flags of messages that are known here.
const (
	FlagCrossposted    = 1 << 0
	FlagIsCrosspost    = 1 << 1
	FlagSuppressEmbeds = 1 << 2
	FlagHasThread      = 1 << 5
	FlagEphemeral      = 1 << 6
	FlagLoading        = 1 << 7
	FlagSilent         = 1 << 12 // SUPPRESS_NOTIFICATIONS
	FlagComponentsV2   = 1 << 15
)

// draft is what somebody wants a message to be. What is nil was not said: an edit leaves it as it is.
type draft struct {
	content            *string
	embeds, components []map[string]any
	flags              *int
	mentions           map[string]any // allowed_mentions; nil: not said
	nonce              string
	enforce            bool
	reply              string
	mustReply          bool // to fail when what is answered is not there
	files              []File
	kept               *[]string // ids of the files that stay, in an edit
}

// draft reads the body of a message: kind is "message" for a new one, "edit", or "answer" for what an interaction is
// answered with, which stands at "data". It notes what Discord takes and nobody wants; the lock is held.
func (f *Fake) draft(kind, at string, c *Call, body []byte) (draft, refusal) {
	o, in := inspect(kind, at, body)
	for _, name := range in.strange {
		f.fail("", c.Route, "unknown field %s", name)
	}
	d := draft{files: c.Files}
	d.flag(kind, at, o, in)
	d.attach(kind, at, o, in)
	if no := in.refusal(); no.given() {
		return d, no
	}
	if v, there := o["content"]; there {
		s, _ := v.(string)
		s = strings.TrimSpace(s)
		d.content = &s
	}
	d.embeds, d.components = listed(o, "embeds"), listed(o, "components")
	d.mentions, d.nonce = objectOf(o, "allowed_mentions"), nonceOf(o)
	d.enforce, _ = o["enforce_nonce"].(bool)
	if r := objectOf(o, "message_reference"); r != nil {
		loose, said := r["fail_if_not_exists"].(bool)
		d.reply, d.mustReply = stringOf(r, "message_id"), !said || loose
	}
	f.reproach(kind, c.Route, d, o)
	return d, refusal{}
}

// listed gives a list that was said: nil where it was not, empty where it was null.
func listed(o map[string]any, name string) []map[string]any {
	if _, there := o[name]; !there {
		return nil
	}
	return append([]map[string]any{}, objectsOf(o, name)...)
}

func nonceOf(o map[string]any) string {
	if n, is := o["nonce"].(json.Number); is {
		return n.String()
	}
	return stringOf(o, "nonce")
}

// flag reads the flags, of which only some may be set.
func (d *draft) flag(kind, at string, o map[string]any, in *inspection) {
	if o["flags"] == nil {
		return
	}
	n := intOf(o, "flags", 0)
	may := FlagSuppressEmbeds | FlagSilent
	if kind == "answer" {
		may |= FlagEphemeral
	}
	if kind != "edit" && n&^may != 0 {
		// Components v2 would exclude content and embeds: whoever wants them teaches the fake first.
		in.at(below(at, "flags"), "MESSAGE_FLAGS_INVALID", "Only SUPPRESS_EMBEDS and SUPPRESS_NOTIFICATIONS are taken here, and EPHEMERAL in answers")
	}
	n &= may
	d.flags = &n
}

// attach reads which files there are, and which stay.
func (d *draft) attach(kind, at string, o map[string]any, in *inspection) {
	for _, x := range d.files {
		if len(x.Data) > MaxFile {
			in.at(below(at, "files"), "FILE_SIZE", "Files must be 10 MiB or fewer in size")
		}
	}
	if _, there := o["attachments"]; !there {
		return
	}
	kept := []string{}
	for _, a := range objectsOf(o, "attachments") {
		id := stringOf(a, "id")
		if n, is := a["id"].(json.Number); is {
			id = n.String()
		}
		if !slices.ContainsFunc(d.files, func(x File) bool { return x.ID == id }) {
			kept = append(kept, id)
		}
	}
	if kind != "edit" && len(kept) > 0 {
		in.at(below(at, "attachments"), "ATTACHMENT_NOT_FOUND", "An attachment has no file")
	}
	d.kept = &kept
}

// reproach notes what Discord takes and nobody wants: what could ping, and a post that a repeat would post again; the
// lock is held.
func (f *Fake) reproach(kind, route string, d draft, o map[string]any) {
	parse, _ := d.mentions["parse"].([]any)
	users, _ := d.mentions["users"].([]any)
	roles, _ := d.mentions["roles"].([]any)
	replied, _ := d.mentions["replied_user"].(bool)
	switch {
	case d.mentions == nil:
		f.fail("", route, "no allowed_mentions")
	case d.mentions["parse"] == nil:
		f.fail("", route, "allowed_mentions without parse")
	case len(parse)+len(users)+len(roles) > 0 || replied:
		f.fail("", route, "allowed_mentions that let somebody be pinged")
	}
	seen := map[string]bool{}
	for _, e := range d.embeds {
		url := stringOf(e, "url")
		if url != "" && seen[url] {
			f.fail("", route, "an embed with the url of another, which is not shown")
		}
		seen[url] = true
	}
	if kind == "message" && (!d.enforce || o["nonce"] == nil || d.nonce == "") {
		f.fail("", route, "no nonce that is enforced")
	}
}

// What a text calls somebody by.
var (
	everyoneInText = regexp.MustCompile(`@(everyone|here)\b`)
	userInText     = regexp.MustCompile(`<@!?(\d+)>`)
	roleInText     = regexp.MustCompile(`<@&(\d+)>`)
)

// pings are whom a message notifies: whom it names, as far as allowed_mentions and the permissions of its author let it;
// the lock is held.
func (f *Fake) pings(ch *Channel, author, text string, allowed map[string]any) Pings {
	lets := func(word, id string) bool {
		if allowed == nil {
			return true
		}
		parse, _ := allowed["parse"].([]any)
		ids, _ := allowed[word].([]any)
		return slices.Contains(parse, any(word)) || slices.Contains(ids, any(id))
	}
	may := f.may(ch, author)
	var p Pings
	p.Everyone = everyoneInText.MatchString(text) && lets("everyone", "") && may.Has(MentionEveryone)
	for _, m := range userInText.FindAllStringSubmatch(text, -1) {
		if f.users[m[1]] != nil && lets("users", m[1]) && !slices.Contains(p.Users, m[1]) {
			p.Users = append(p.Users, m[1])
		}
	}
	for _, m := range roleInText.FindAllStringSubmatch(text, -1) {
		r := f.roles[m[1]]
		if r != nil && r.Server == ch.Server && lets("roles", m[1]) && (r.Mentionable || may.Has(MentionEveryone)) && !slices.Contains(p.Roles, m[1]) {
			p.Roles = append(p.Roles, m[1])
		}
	}
	return p
}
