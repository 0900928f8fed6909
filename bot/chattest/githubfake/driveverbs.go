package githubfake

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

func driveCommit(d *Driver, l line) (string, error) {
	c := Change{Branch: l.words[0], Message: strings.ReplaceAll(l.words[1], `\n`, "\n"), Author: l.named["by"], Committer: l.named["committer"], Files: map[string]string{}}
	if c.Author == "" {
		c.Author = "ana"
	}
	for i := 2; i+1 < len(l.words); i += 2 {
		c.Files[l.words[i]] = l.words[i+1]
	}
	if len(c.Files) == 0 {
		c.Files[hash("blob", c.Message)[:8]] = c.Message // something of its own
	}
	if d.At != nil {
		c.At = d.At()
	}
	return d.r.Push(c), nil
}

// issueOf is what a line says of an issue, or of a pull request as one.
func (l line) issueOf(title string) Issue {
	n, _ := strconv.ParseInt(l.named["milestone"], 10, 64)
	return Issue{Title: title, Author: l.named["by"], Body: strings.ReplaceAll(l.named["body"], `\n`, "\n"), Labels: l.list("labels"), Milestone: n}
}

func drivePull(d *Driver, l line) (string, error) {
	return itoa(d.r.Pull(Pull{Issue: l.issueOf(l.words[1]), Head: l.words[0]})), nil
}

func driveIssue(d *Driver, l line) (string, error) {
	return itoa(d.r.Issue(l.issueOf(l.words[0]))), nil
}

// unfinished are the words for what goes on; every other is how it ended.
var unfinished = []string{"queued", "in_progress", "waiting", "pending", "requested"}

func driveCheck(d *Driver, l line) {
	status, conclusion := "completed", l.words[1]
	if slices.Contains(unfinished, conclusion) {
		status, conclusion = conclusion, ""
	}
	d.r.CheckBy(either(l.named["by"], actionsApp), l.at(2), l.words[0], status, conclusion)
}

func driveStatus(d *Driver, l line) {
	d.r.StatusBy(either(l.named["by"], ciAccount), l.at(2), l.words[0], l.words[1], "")
}

// demands reads checks that are required, each of whoever or of an app: "test", "test@github-actions".
func demands(words []string) (all []Demand) {
	for _, w := range words {
		name, app, _ := strings.Cut(w, "@")
		all = append(all, Demand{name, app})
	}
	return all
}

func driveDeploy(d *Driver, l line) {
	who := l.named["by"]
	if who == "" {
		who = "ben"
	}
	d.r.Deploy(l.at(1), l.words[0], who)
}

func driveDeployStatus(d *Driver, l line) (string, error) {
	for _, x := range slices.Backward(d.r.Deployments()) {
		if x.Env == l.words[0] {
			d.r.FinishDeployment(x.ID, l.words[1])
			return "", nil
		}
	}
	return "", fmt.Errorf("githubfake: nothing was deployed to %s", l.words[0])
}

func driveWorkflow(d *Driver, l line) {
	w := Workflow{File: l.words[0], RunName: l.words[1], Environment: l.word(3, "")}
	if l.words[2] != "" {
		w.Inputs = strings.Split(l.words[2], ",")
	}
	d.r.Workflow(w)
}

func driveRunStatus(d *Driver, l line) (string, error) {
	for _, x := range slices.Backward(d.r.Runs()) {
		switch {
		case x.File != l.words[0]:
			continue
		case l.words[1] == "waiting":
			d.r.HoldRun(x.ID)
		case slices.Contains(unfinished, l.words[1]):
			d.r.StartRun(x.ID)
		default:
			d.r.FinishRun(x.ID, l.words[1])
		}
		return "", nil
	}
	return "", fmt.Errorf("githubfake: %s was never run", l.words[0])
}

func drivePermit(d *Driver, l line) (string, error) {
	may := map[string]string{}
	for _, w := range l.words {
		name, level, is := strings.Cut(w, "=")
		if !is {
			return "", fmt.Errorf("githubfake: %q is no PERMISSION=LEVEL", w)
		}
		may[name] = level
	}
	d.f.Permit(botToken, may)
	return "", nil
}

// driveFail says what happens to the next calls of a route: a status, "reset", "empty", "null", "{}", "html"; with
// "stored-" before it, after the call had its effect.
func driveFail(d *Driver, l line) (string, error) {
	var all []Fault
	for _, w := range l.words[1:] {
		name, stored := strings.CutPrefix(w, "stored-")
		var x Fault
		switch status, err := strconv.Atoi(name); {
		case err == nil && (status == http.StatusTooManyRequests || status == http.StatusForbidden):
			x = TooMany(status, "1")
		case err == nil:
			x = HTTP(status)
		case name == "reset":
			x = Ends(Reset)
		case name == "cut":
			x = Ends(Cut)
		case name == "ordinary":
			x = Ends(Ordinary)
		case name == "empty":
			x = Raw(http.StatusOK, "")
		case name == "null" || name == "{}":
			x = Raw(http.StatusOK, name)
		case name == "html":
			x = HTML(http.StatusBadGateway)
		default:
			return "", fmt.Errorf("githubfake: %q is no fault", w)
		}
		x.Stored = stored
		all = append(all, x)
	}
	d.f.Fail(l.words[0], all...)
	return "", nil
}

// driveDeliver delivers what webhooks wait to send: in its order, backwards, everything again, everything forged, or not
// at all; of one event, if one is named. It says what each was answered with.
func driveDeliver(d *Driver, l line) (string, error) {
	all, way := d.f.Undelivered(), l.word(0, "all")
	if way == "again" || way == "forged" {
		all = d.f.Deliveries()
	}
	if event := l.word(1, ""); event != "" {
		all = slices.DeleteFunc(all, func(x Delivery) bool { return x.Event != event })
	}
	switch way {
	case "backwards":
		slices.Reverse(all)
	case "none":
		d.f.Drop(all...)
		return "", nil
	case "all", "again", "forged":
	default:
		return "", fmt.Errorf("githubfake: nothing is delivered %q", way)
	}
	var said strings.Builder
	for _, x := range all {
		sent := []Forgery{{Name: strings.TrimSpace(x.Event + " " + x.Action), Delivery: x}}
		if way == "forged" {
			sent = x.Forgeries()
		}
		for _, one := range sent {
			status, err := d.f.Deliver(l.ctx, one.Delivery)
			if err != nil {
				return said.String(), err
			}
			fmt.Fprintf(&said, "%s: %d\n", one.Name, status)
		}
	}
	return said.String(), nil
}
