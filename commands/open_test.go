package commands

import (
	"strings"
	"testing"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/workflows"
)

// Every verb stands in one of these two lists, on purpose: what it answers in a thread is for all who follow it, or for
// whoever asked.
var (
	forFollowers = []string{"new", "set", "list", "status", "check", "sign", "advance", "hold", "resume", "candidate show", "candidate set", "candidate diff", "candidate deploy", "candidate where",
		"scope list", "scope add", "scope drop", "scope from", "item list", "item show", "item ask", "item assign", "item plan", "item waive", "item add", "item drop", "item move",
		"flag list", "flag show", "flag new", "flag set", "flag kill", "flag expire", "rollback plan", "rollback start",
		"notes show", "notes draft", "notes edit", "notes approve", "notes publish", "notes correct", "brief send", "feedback list", "feedback add", "feedback plan", "feedback done", "audit show", "audit verify", "audit export", "audit anchor"}
	forTheAsker = []string{
		"help", "home", "todo", "remind list", "remind away", "feedback follow", // about the asker, or what they may
		"brief show", "brief draft", "brief status", "brief ack", // a draft is its makers', who has not read it is named to few
		"admin roles", "admin link", "admin unlink", "admin code", "admin claim", "admin config", // the owners', or a secret
		"confirm", "undo", // only their asker may press them
	}
)

func TestWhoReadsAnAnswer(t *testing.T) {
	private := map[string]bool{}
	for _, name := range forFollowers {
		private[name] = false
	}
	for _, name := range forTheAsker {
		private[name] = true
	}
	for _, c := range All {
		if want, listed := private[c.Name()]; !listed || want != c.Private {
			t.Errorf("%s is declared private: %v; here: listed %v, %v", c.Name(), c.Private, listed, want)
		}
	}
	if len(private) != len(All) || len(forFollowers)+len(forTheAsker) != len(All) {
		t.Errorf("%d verbs are listed, there are %d", len(private), len(All))
	}
}

// inThread asks where others follow.
func (o *office) inThread(by string, at workflows.Place, text string) chat.Reply {
	o.t.Helper()
	o.n++
	return o.handle(o.t.(*testing.T).Context(), chat.Request{ID: "open-" + by + text + string(at), By: workflows.Handle("console/" + by), At: at, Text: text, Open: true, When: o.now})
}

// TestAnswersInAThread: what was asked where others follow is answered to all of them, but for what is only the asker's.
func TestAnswersInAThread(t *testing.T) {
	for text, open := range map[string]bool{
		"status": true, "": true, "check": true, "list": true, "item list": true, "item show tests": true, "sign tests -- seen": true, "notes show": true, "flag list": true, "resume -- well": true,
		"todo": false, "help": false, "brief show": false, "brief status": false, "remind list": false, "admin roles": false, "admin code": false, "audit export": false,
		"sgin tests": false, "sign nothing": false, "sign": false, "check --rel nothing": false, "sign tests --dry-run": false,
		"set --cancelled -- it is old": false, "hold": false, "item add ga.done own-look -- look": false, // a question, a form, an act with an undo
	} {
		o := busy(t)
		if text != "resume -- well" {
			o.does("ana", "resume -- well")
		}
		r := o.inThread("ana", general, text)
		if r.Open != open {
			t.Errorf("%q is answered in the open: %v: %s", text, r.Open, answered(r))
		}
		if again := o.inThread("ana", "console/#news", text); again.Open {
			t.Errorf("%q is answered where anybody reads: %s", text, answered(again))
		}
		if again := o.inThread("ana", workflows.Direct("console/ana"), text); again.Open {
			t.Errorf("%q is answered to all in a conversation of two: %s", text, answered(again))
		}
		if again := o.types("ana", text); again.Open {
			t.Errorf("%q is answered in the open, and was not asked there: %s", text, answered(again))
		}
	}
}

// TestNobodyInParticularReadsIt: in the open nothing is said to the asker alone; who may sign what is each reader's to see.
func TestNobodyInParticularReadsIt(t *testing.T) {
	o := open(t)
	o.does("ana", "new app@1.0.0")
	mine, all := answered(o.types("ana", "check")), answered(o.inThread("ana", general, "check"))
	for _, personal := range []string{"yours", "you may", "Sign tests"} {
		if !strings.Contains(mine, personal) || strings.Contains(all, personal) {
			t.Errorf("%q: to ana\n%s\nto all\n%s", personal, mine, all)
		}
	}
	if !strings.Contains(all, "Sign… sign 1") {
		t.Errorf("nothing can be signed from\n%s", all)
	}
	if public := answered(o.inThread("ana", "console/#news", "check --rel app")); !strings.Contains(public, "yours") {
		t.Errorf("what ana alone reads is not for her:\n%s", public)
	}
}

// TestAnOutsiderInAThread gets the public view there too.
func TestAnOutsiderInAThread(t *testing.T) {
	o := busy(t)
	for _, by := range []string{"rob", "stranger"} {
		for _, text := range []string{"status", "list", "notes", "check", "item list", "todo"} {
			r := o.inThread(by, general, text)
			if strings.Contains(answered(r), secret) || r.Open && r.Refusal != nil {
				t.Errorf("%s reads %s", by, answered(r))
			}
		}
	}
}
