package githubfake

// Limit is how long one field of a body may be: characters of a text, items of a list, keys of an object.
type Limit struct {
	Of, Field string // the kind of body, and its field: "release", "body"
	Min, Max  int
	// Documented is whether GitHub says so; the others were seen in its refusals.
	Documented bool
}

// Limits are those of the bodies that the fake takes.
var Limits = []Limit{
	{"comment", "body", 1, 65536, false},
	{"issue", "title", 1, 256, false},
	{"issue", "body", 0, 65536, false},
	{"release", "tag_name", 1, 255, false},
	{"release", "name", 0, 256, false},
	{"release", "body", 0, 125000, false},
	{"release update", "name", 0, 256, false},
	{"release update", "body", 0, 125000, false},
	{"pull", "title", 1, 256, false},
	{"pull", "body", 0, 65536, false},
	{"pull update", "title", 1, 256, false},
	{"pull update", "body", 0, 65536, false},
	{"deployment", "environment", 1, 255, false},
	{"deployment status", "description", 0, 140, true},
	{"dispatch", "inputs", 0, 25, true},
}

// what a field holds.
type what int

const (
	isText what = iota
	isTextOrNull
	isTruth
	isList    // of texts
	isObjects // a list of objects
	isObject
	isTextOrObject
	isNumbers
)

// field is one field of a body.
type field struct {
	is    what
	needs bool
	one   []string // nil: anything
}

var (
	text  = field{is: isText}
	truth = field{is: isTruth}
	must  = field{is: isText, needs: true}
)

// kinds are the bodies that are taken, and all of their fields. What is not here is refused, as GitHub refuses it.
var kinds = map[string]map[string]field{
	"access token": {"repositories": {is: isList}, "repository_ids": {is: isNumbers}, "permissions": {is: isObject}},
	"comment":      {"body": must},
	"issue":        {"title": must, "body": {is: isTextOrNull}},
	"pull": {
		"title": text, "head": must, "base": must, "body": {is: isTextOrNull}, "draft": truth, "maintainer_can_modify": truth, "head_repo": text,
	},
	"pull update": {
		"title": text, "body": {is: isTextOrNull}, "state": {one: []string{"open", "closed"}}, "base": text, "maintainer_can_modify": truth,
	},
	"release": {
		"tag_name": must, "target_commitish": text, "name": {is: isTextOrNull}, "body": {is: isTextOrNull}, "draft": truth, "prerelease": truth,
		"discussion_category_name": text, "generate_release_notes": truth, "make_latest": {one: []string{"true", "false", "legacy"}},
	},
	"release update": {
		"tag_name": text, "target_commitish": text, "name": {is: isTextOrNull}, "body": {is: isTextOrNull}, "draft": truth, "prerelease": truth,
		"discussion_category_name": text, "make_latest": {one: []string{"true", "false", "legacy"}},
	},
	"generated notes": {"tag_name": must, "target_commitish": text, "previous_tag_name": text, "configuration_file_path": text},
	"deployment": {
		"ref": must, "task": text, "auto_merge": truth, "required_contexts": {is: isList}, "payload": {is: isTextOrObject}, "environment": text,
		"description": {is: isTextOrNull}, "transient_environment": truth, "production_environment": truth,
	},
	"deployment status": {
		"state":      {needs: true, one: []string{"error", "failure", "inactive", "in_progress", "queued", "pending", "success"}},
		"target_url": text, "log_url": text, "description": text, "environment": text, "environment_url": text, "auto_inactive": truth,
	},
	"dispatch": {"ref": must, "inputs": {is: isObject}, "return_run_details": truth},
	"contents": {
		"message": must, "content": must, "sha": text, "branch": text, "committer": {is: isObject}, "author": {is: isObject},
	},
	"ref":        {"ref": must, "sha": must},
	"ref update": {"sha": must, "force": truth},
	"tag": {
		"tag": must, "message": must, "object": must, "type": {needs: true, one: []string{"commit", "tree", "blob"}}, "tagger": {is: isObject},
	},
	"blob":   {"content": must, "encoding": {one: []string{"utf-8", "base64"}}},
	"tree":   {"tree": {is: isObjects, needs: true}, "base_tree": text},
	"commit": {"message": must, "tree": must, "parents": {is: isList}, "author": {is: isObject}, "committer": {is: isObject}, "signature": text},
}
