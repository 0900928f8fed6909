package githubfake

import (
	"net/http"
	"strconv"
	"time"
)

// refusal is an answer that is an error. Its zero value is none.
type refusal struct {
	status  int
	message string
	errors  []any // what is wrong with which field
	more    reply // what else stands in the body
	// For those who ask too much.
	retry   time.Duration // header Retry-After; zero: none
	primary bool
}

func (r refusal) given() bool { return r.status != 0 }

func (r refusal) body() reply {
	out := reply{"message": r.message, "documentation_url": "https://docs.github.com/rest", "status": strconv.Itoa(r.status)}
	if r.errors != nil {
		out["errors"] = r.errors
	}
	for k, v := range r.more {
		out[k] = v
	}
	return out
}

func refuse(status int, message string) refusal { return refusal{status: status, message: message} }

func notFound() refusal { return refuse(http.StatusNotFound, "Not Found") }

// invalid is a 422 that says what is wrong with a field: invalid("Release", "tag_name", "already_exists", "").
func invalid(resource, field, code, message string) refusal {
	e := reply{"resource": resource, "code": code}
	if field != "" {
		e["field"] = field
	}
	if message != "" {
		e["message"] = message
	}
	return refusal{status: http.StatusUnprocessableEntity, message: "Validation Failed", errors: []any{e}}
}

// unprocessable is a 422 without particulars.
func unprocessable(message string) refusal { return refuse(http.StatusUnprocessableEntity, message) }
