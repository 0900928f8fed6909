package slack

import (
	"context"
	"errors"
	"fmt"
	"slices"
)

// Reload puts new secrets in force. They are tried first: what Slack refuses, or does not answer for, leaves all of the
// old ones in force. Those in force already are not: a configuration can be loaded anew while Slack is away. What is on its
// way goes on; connections are replaced one after the other, each before its predecessor is closed.
func (s *Slack) Reload(ctx context.Context, next Secrets) error {
	s.standing.Reload.Lock()
	defer s.standing.Reload.Unlock()
	defer s.groupsAnew() // the configuration may name others now
	now := s.secrets.Load()
	if next.BotToken == "" {
		return errors.New("there is no bot token: the old secrets stay in force")
	}
	if next.AppToken == "" && len(next.Signing) == 0 {
		return errors.New("there is neither an app token nor a signing secret, so nothing could be heard: the old secrets stay in force")
	}
	if next.BotToken == now.BotToken && next.AppToken == now.AppToken && slices.Equal(next.Signing, now.Signing) {
		s.standing.Look() // it may have been mended there
		return nil
	}
	next.Signing = slices.Clone(next.Signing)
	o := s.Options
	o.Secrets = next
	api := newAPI(o)
	me, err := s.whoami(ctx, api, s.me.Load())
	if err == nil {
		err = s.mayBe(me, next.AppToken)
	}
	if err != nil {
		return fmt.Errorf("the new bot token cannot be used, and the old secrets stay in force: %w", err)
	}
	if next.AppToken != now.AppToken && next.AppToken != "" {
		ctx, cancel := context.WithTimeout(ctx, s.timing.answer)
		defer cancel()
		if _, _, err := api.StartSocketModeContext(ctx); err != nil {
			return fmt.Errorf("the new app token cannot be used, and the old secrets stay in force: %w", toldApp(err))
		}
	}
	s.secrets.Store(&next)
	if next.BotToken != now.BotToken || next.AppToken != now.AppToken {
		s.api.Store(api)
	}
	s.standing.Authenticated(nil)
	s.become(me)
	if next.AppToken != now.AppToken {
		s.links.again()
	}
	s.Log.InfoContext(ctx, "slack's secrets were loaded anew", "bot_token_changed", next.BotToken != now.BotToken,
		"app_token_changed", next.AppToken != now.AppToken, "signing_secrets", len(next.Signing))
	return nil
}
