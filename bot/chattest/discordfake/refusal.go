package discordfake

import (
	"net/http"
	"strings"
	"time"
)

// reply is a JSON object.
type reply map[string]any

// refusal is an answer that is an error. Its zero value is none.
type refusal struct {
	status  int
	code    int // Discord's own: 50001
	message string
	errors  reply // what is wrong with which field
	// For 429 alone.
	retry  time.Duration
	scope  string // "user", "global", "shared"
	header string // Retry-After, where it is not what the body says
	narrow bool   // only the message in the path must wait, not its bucket
}

func (r refusal) given() bool { return r.status != 0 }

// known are the errors that are given here, by Discord's code.
var known = map[int]refusal{
	10002:  {status: http.StatusNotFound, message: "Unknown Application"},
	10003:  {status: http.StatusNotFound, message: "Unknown Channel"},
	10004:  {status: http.StatusNotFound, message: "Unknown Guild"},
	10007:  {status: http.StatusNotFound, message: "Unknown Member"},
	10008:  {status: http.StatusNotFound, message: "Unknown Message"},
	10011:  {status: http.StatusNotFound, message: "Unknown Role"},
	10013:  {status: http.StatusNotFound, message: "Unknown User"},
	10015:  {status: http.StatusNotFound, message: "Unknown Webhook"},
	10062:  {status: http.StatusNotFound, message: "Unknown interaction"},
	10063:  {status: http.StatusNotFound, message: "Unknown application command"},
	30046:  {status: http.StatusTooManyRequests, message: "Maximum number of edits to messages older than 1 hour reached. Try again later"},
	40003:  {status: http.StatusForbidden, message: "You are opening direct messages too fast"},
	40005:  {status: http.StatusRequestEntityTooLarge, message: "Request entity too large"},
	40033:  {status: http.StatusBadRequest, message: "This message has already been crossposted"},
	40060:  {status: http.StatusBadRequest, message: "Interaction has already been acknowledged."},
	40094:  {status: http.StatusBadRequest, message: "This interaction has hit the maximum number of follow-up messages"},
	40333:  {status: http.StatusForbidden, message: "internal network error"},
	50001:  {status: http.StatusForbidden, message: "Missing Access"},
	50003:  {status: http.StatusForbidden, message: "Cannot execute action on a DM channel"},
	50005:  {status: http.StatusForbidden, message: "Cannot edit a message authored by another user"},
	50006:  {status: http.StatusBadRequest, message: "Cannot send an empty message"},
	50007:  {status: http.StatusForbidden, message: "Cannot send messages to this user"},
	50008:  {status: http.StatusBadRequest, message: "Cannot send messages in a non-text channel"},
	50013:  {status: http.StatusForbidden, message: "Missing Permissions"},
	50021:  {status: http.StatusForbidden, message: "Cannot execute action on a system message"},
	50024:  {status: http.StatusForbidden, message: "Cannot execute action on this channel type"},
	50027:  {status: http.StatusUnauthorized, message: "Invalid Webhook Token"},
	50033:  {status: http.StatusBadRequest, message: "Invalid Recipient(s)"},
	50035:  {status: http.StatusBadRequest, message: "Invalid Form Body"},
	50068:  {status: http.StatusBadRequest, message: "Invalid message type"},
	50083:  {status: http.StatusBadRequest, message: "Thread is archived"},
	50109:  {status: http.StatusBadRequest, message: "The request body contains invalid JSON."},
	160002: {status: http.StatusBadRequest, message: "Cannot reply without permission to read message history"},
	160004: {status: http.StatusBadRequest, message: "A thread has already been created for this message"},
	160005: {status: http.StatusBadRequest, message: "Thread is locked"},
}

// refuse gives the error with a code.
func refuse(code int) refusal {
	r, ok := known[code]
	if !ok {
		panic("discordfake: an error without words")
	}
	r.code = code
	return r
}

// plain is an error without a code of its own, as "401: Unauthorized".
func plain(status int) refusal {
	return refusal{status: status, message: http.StatusText(status)}
}

// body is the JSON of the error.
func (r refusal) body() reply {
	switch {
	case r.status == http.StatusTooManyRequests:
		out := reply{"message": r.message, "retry_after": inSeconds(r.retry), "global": r.scope == "global"}
		if r.code != 0 {
			out["code"] = r.code
		}
		return out
	case r.code == 0:
		return reply{"message": itoa(r.status) + ": " + r.message, "code": 0}
	case r.errors != nil:
		return reply{"message": r.message, "code": r.code, "errors": r.errors}
	}
	return reply{"message": r.message, "code": r.code}
}

// wrong gathers what is wrong with the fields of a body. Its zero value is nothing.
type wrong struct{ errors reply }

// at notes an error of a field: at("embeds.0.title", "BASE_TYPE_REQUIRED", "This field is required").
func (w *wrong) at(path, code, message string) {
	if w.errors == nil {
		w.errors = reply{}
	}
	node := w.errors
	for part := range strings.SplitSeq(path, ".") {
		if part == "" {
			continue
		}
		next, ok := node[part].(reply)
		if !ok {
			next = reply{}
			node[part] = next
		}
		node = next
	}
	list, _ := node["_errors"].([]reply)
	node["_errors"] = append(list, reply{"code": code, "message": message})
}

// refusal is 50035 with all that was noted; none where nothing was.
func (w *wrong) refusal() refusal {
	if w.errors == nil {
		return refusal{}
	}
	r := refuse(50035)
	r.errors = w.errors
	return r
}
