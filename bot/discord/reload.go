package discord

import (
	"context"
	"errors"
	"fmt"
)

// Reload puts new settings and secrets in force, the settings in any case. The secrets are tried first: what Discord refuses, or does not answer for, leaves all of the
// old ones in force. Those in force already are not: a configuration can be loaded anew while Discord is away. What is on
// its way goes on; a connection to the gateway with a new token is up before the old one is closed.
func (d *Discord) Reload(ctx context.Context, next Secrets, set Settings) error {
	d.standing.Reload.Lock()
	defer d.standing.Reload.Unlock()
	defer d.rostersAnew()   // the configuration may name others now
	defer d.gateway.again() // and need other intents; or what was refused may have been mended
	d.settings.Store(&set)
	select {
	case d.redraw <- struct{}{}:
	default:
	}
	now := d.secrets.Load()
	if next.BotToken == "" {
		return errors.New("there is no bot token: the old secrets stay in force")
	}
	if next == *now {
		d.standing.Look() // it may have been mended there
		return nil
	}
	o := d.Options
	o.Secrets = next
	trial := New(o)
	trial.timing = d.timing
	trial.me.Store(d.me.Load())
	trial.settings.Store(&set)
	me, err := trial.whoami(ctx)
	if err == nil {
		err = d.mayBe(me, next)
	}
	if err != nil {
		trial.rest.Load().Client.CloseIdleConnections()
		return fmt.Errorf("the new bot token cannot be used, and the old secrets stay in force: %w", err)
	}
	d.secrets.Store(&next)
	d.rest.Swap(trial.rest.Load()).Client.CloseIdleConnections()
	d.standing.Authenticated(nil)
	d.become(me)
	d.Log.InfoContext(ctx, "discord's secrets were loaded anew", "bot_token_changed", next.BotToken != now.BotToken)
	return nil
}
