package discord

import (
	"context"
	"crypto/ed25519"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/bwmarrin/discordgo"

	"github.com/readyroom/readyroom/bot/listen"
)

// membersFlags are the flags of an application that say that its switch "Server Members Intent" is on: for one that
// Discord verified, and for a small one.
const membersFlags = 1<<14 | 1<<15

// needed is what sending needs in a channel. A bot may publish its own messages in an announcement channel with no more
// than that.
const needed = discordgo.PermissionViewChannel | discordgo.PermissionSendMessages | discordgo.PermissionSendMessagesInThreads |
	discordgo.PermissionCreatePublicThreads | discordgo.PermissionEmbedLinks | discordgo.PermissionAttachFiles |
	discordgo.PermissionReadMessageHistory

// inviteLink is where an admin of a server lets the bot in, with what it needs there.
func inviteLink(app string) string {
	return "https://discord.com/oauth2/authorize?client_id=" + app + "&scope=bot+applications.commands&permissions=" +
		strconv.FormatInt(needed, 10)
}

// server is a server that the bot is in.
type server struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// identify asks Discord who the bot is, and takes note of what it says of the token. Another application than before is
// refused: what is known of people and places holds for one.
func (d *Discord) identify(ctx context.Context) error {
	secrets := d.secrets.Load()
	me, err := d.whoami(ctx)
	if err == nil {
		err = d.mayBe(me, *secrets)
	}
	d.standing.Reload.Lock() // or a former token's refusal could be noted after the new one was taken
	defer d.standing.Reload.Unlock()
	if d.secrets.Load() != secrets {
		return nil // the secrets were changed meanwhile, and the new ones were tried
	}
	d.standing.Authenticated(err)
	if err == nil {
		d.become(me)
	}
	return err
}

// become is who the bot is from now on. A switch that was turned on in the portal may be what the gateway waits for.
func (d *Discord) become(me identity) {
	was := d.me.Swap(&me)
	d.standing.Identified()
	if was != nil && me.members && !was.members {
		d.gateway.again()
		d.rostersAnew()
	}
}

// watchIdentity looks whether the token is still taken, and learns who the bot is as soon as Discord says so.
func (d *Discord) watchIdentity(ctx context.Context) {
	for failed := 0; ctx.Err() == nil; {
		pause := listen.Jitter(d.timing.check)
		if err := d.identify(ctx); err != nil && ctx.Err() == nil {
			failed++
			pause = min(listen.Backoff(d.timing.pause, d.timing.longest, failed), pause)
			if _, nowhere := errors.AsType[listen.Unplaced](err); nowhere { // somebody may be about to let it in
				pause = min(pause, d.timing.longest)
			} else if listen.IsRefused(err) { // each such answer counts towards Discord's ban
				pause = listen.Jitter(d.timing.check)
			}
			d.Log.WarnContext(ctx, "discord: the bot is not at work", "error", err, "tries", failed, "again_in", pause.String())
		} else {
			if me := d.me.Load(); failed > 0 && me != nil {
				d.Log.InfoContext(ctx, "discord: the bot is at work", "servers", strings.Join(me.servers, ", "))
			}
			failed = 0
		}
		listen.Rest(ctx, pause, d.standing.Again())
	}
}

// whoami asks who the token in force belongs to, and which servers are listened to with it.
func (d *Discord) whoami(ctx context.Context) (identity, error) {
	me, _, err := d.application(ctx)
	if err != nil {
		return identity{}, err
	}
	in, err := d.joined(ctx)
	if err != nil {
		return identity{}, err
	}
	return d.placed(me, in)
}

// application asks who the token in force belongs to, wherever the bot is, and how it is called.
func (d *Discord) application(ctx context.Context) (me identity, name string, err error) {
	var app struct {
		ID        string `json:"id"`
		VerifyKey string `json:"verify_key"`
		Flags     int64  `json:"flags"`
		Endpoint  string `json:"interactions_endpoint_url"`
	}
	var user struct {
		ID   string `json:"id"`
		Name string `json:"username"`
		Bot  bool   `json:"bot"`
	}
	if err := d.ask(ctx, "/users/@me", &user); err != nil {
		return me, "", err
	}
	switch {
	case !validID(user.ID):
		return me, "", errors.New("the answer to GET /users/@me does not say who the bot is")
	case !user.Bot:
		return me, "", listen.Refused("it is a person's: give the one that " + portal + " → the application → Bot shows")
	}
	if err := d.ask(ctx, "/applications/@me", &app); err != nil {
		return me, "", err
	}
	key, err := publicKey(app.VerifyKey)
	if err != nil || !validID(app.ID) {
		return me, "", errors.New("the answer to GET /applications/@me does not say which application it is")
	}
	return identity{app: app.ID, user: user.ID, key: key, members: app.Flags&membersFlags != 0, endpoint: app.Endpoint}, user.Name, nil
}

// joined asks which servers the bot is in.
func (d *Discord) joined(ctx context.Context) (all []server, err error) {
	const most = 200
	for after := "0"; ; {
		var page []server
		if err := d.ask(ctx, "/users/@me/guilds?limit="+strconv.Itoa(most)+"&after="+after, &page); err != nil {
			return nil, err
		}
		for _, s := range page {
			if !validID(s.ID) {
				return nil, errors.New("the answer to GET /users/@me/guilds names a server that is none")
			}
		}
		all = append(all, page...)
		if len(page) < most {
			return all, nil
		}
		if next := page[len(page)-1].ID; newer(next, after) {
			after = next
			continue
		}
		return nil, errors.New("the answers to GET /users/@me/guilds go round in circles")
	}
}

// newer reports whether an id was given after another one: ids are numbers without leading zeros.
func newer(a, b string) bool {
	return len(a) > len(b) || len(a) == len(b) && a > b
}

// placed says which servers are listened to: those that are allowed, else those that the configuration speaks of, else the
// only one that the bot is in. A bot that is invited elsewhere later, by whomever, stays where it is.
func (d *Discord) placed(me identity, in []server) (identity, error) {
	has := func(id string) bool { return slices.ContainsFunc(in, func(s server) bool { return s.ID == id }) }
	was, set := d.me.Load(), *d.settings.Load()
	named := slices.DeleteFunc(slices.Clone(set.Named), func(id string) bool { return !has(id) })
	invite := "let one of its admins open " + inviteLink(me.app)
	switch {
	case len(set.Servers) > 0:
		me.servers = slices.Clone(set.Servers)
		me.absent = slices.DeleteFunc(slices.Clone(set.Servers), has)
		if len(me.absent) == len(me.servers) {
			return me, listen.Unplaced("the bot is in none of the servers that are listened to (" + strings.Join(me.servers, ", ") + "): " + invite)
		}
	case len(in) == 0:
		return me, listen.Unplaced("the bot is in no server: choose one, and " + invite)
	case len(named) > 0:
		me.servers = named
	case was != nil && len(was.servers) > 0 && !has(was.servers[0]):
		return me, listen.Unplaced(fmt.Sprintf("the bot is no longer in server %s, where it works: %s. To work elsewhere, write discord: {servers: […]}, then: readyroom reload",
			was.servers[0], invite))
	case was != nil && len(was.servers) > 0:
		me.servers = was.servers
		me.others = namesOf(slices.DeleteFunc(slices.Clone(in), func(s server) bool { return s.ID == was.servers[0] }))
	case len(in) > 1:
		return me, listen.Unplaced("the bot is in several servers (" + strings.Join(namesOf(in), ", ") +
			"), and nobody said which of them to listen to: write discord: {servers: [...]} with the ids of those that are meant")
	default:
		me.servers = []string{in[0].ID}
	}
	return me, nil
}

// namesOf are servers for whoever runs the bot. A name is given by whoever owns the server.
func namesOf(in []server) (all []string) {
	for _, s := range in {
		all = append(all, s.ID+" "+strconv.Quote(s.Name))
	}
	return all
}

// mayBe refuses an identity that is not the one of before, or not the one that the secrets name.
func (d *Discord) mayBe(me identity, secrets Secrets) error {
	was := d.me.Load()
	switch {
	case secrets.AppID != "" && secrets.AppID != me.app:
		return listen.Refused(fmt.Sprintf("it is of application %s, and DISCORD_APP_ID says %s: take both from one application, or leave DISCORD_APP_ID out",
			me.app, secrets.AppID))
	case secrets.PublicKey != "" && !strings.EqualFold(secrets.PublicKey, hex.EncodeToString(me.key)):
		return listen.Refused(fmt.Sprintf("it is of application %s, which has another public key than DISCORD_PUBLIC_KEY says: take both from one application, or leave DISCORD_PUBLIC_KEY out",
			me.app))
	case was != nil && was.app != me.app:
		return listen.Refused(fmt.Sprintf("it is of application %s, and the bot is application %s: another one needs a bot of its own", me.app, was.app))
	}
	return nil
}

// publicKey reads a key as Discord writes it: 64 hex digits.
func publicKey(text string) (ed25519.PublicKey, error) {
	key, err := hex.DecodeString(text)
	if err != nil || len(key) != ed25519.PublicKeySize {
		return nil, errors.New("a public key has 64 hex digits")
	}
	return key, nil
}
