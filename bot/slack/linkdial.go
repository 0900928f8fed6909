package slack

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"

	"github.com/gorilla/websocket"
)

// dial asks for the address of a new connection and opens it. The address is good once, and a secret.
func (s *Slack) dial(ctx context.Context) (*websocket.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, 2*s.timing.answer)
	defer cancel()
	asking, asked := context.WithTimeout(ctx, s.timing.answer)
	defer asked()
	_, at, err := s.client().StartSocketModeContext(asking)
	switch {
	case err != nil:
		return nil, toldApp(err)
	case at == "":
		return nil, errors.New("Slack's answer to apps.connections.open has no address")
	}
	d := websocket.Dialer{
		NetDialContext:   (&net.Dialer{Timeout: s.timing.answer}).DialContext,
		Proxy:            s.Proxy,
		HandshakeTimeout: s.timing.answer,
		WriteBufferSize:  oneFrame,
	}
	ws, answer, err := d.DialContext(ctx, at, http.Header{"Origin": {"https://api.slack.com"}})
	if answer != nil && answer.Body != nil {
		_ = answer.Body.Close() // gorilla read what it gives of it
	}
	switch {
	case err != nil && answer != nil:
		return nil, fmt.Errorf("opening the connection was answered with %d", answer.StatusCode)
	case err != nil:
		return nil, fmt.Errorf("opening the connection: %w", told(err))
	}
	return ws, nil
}
