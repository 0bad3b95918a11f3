package watching

import (
	"path"
	"path/filepath"

	"berth/internal/cli/problem"
	"berth/internal/cli/source"
	"berth/internal/clock"
	"berth/internal/config"
	drive "berth/internal/drive/watching"
	"berth/internal/notify"
	"berth/internal/phrase"
	"berth/internal/watch"
)

// Sinks are the ways to tell people that the file gives to berth watch, and what each wants to hear of. With the embedded AWS what
// would leave this machine is written into a folder.
func (t Tool) Sinks(c Cluster) ([]notify.Sink, []watch.Receiver, error) {
	known, err := c.Secrets()
	if err != nil {
		return nil, nil, err
	}
	var sinks []notify.Sink
	var receivers []watch.Receiver
	for _, a := range c.Config.Alerts {
		if !a.Watched() {
			continue
		}
		one, err := sink(c, a, known[a.Name])
		if err != nil {
			return nil, nil, &problem.Problem{
				Code: "WCH002", Text: "alerts." + a.Name + " cannot be used: " + err.Error(), Exit: problem.Misused, Hints: []string{"look at alerts." + a.Name + " in the file"},
			}
		}
		sinks, receivers = append(sinks, t.rehearsed(one)), append(receivers, receiver(a))
	}
	return sinks, receivers, nil
}

// sink is one way to tell people. They live by the machine's time, whatever time it is in a rehearsal.
func sink(c Cluster, a config.Alert, known source.Alert) (notify.Sink, error) {
	words, err := phrase.Parse(a.Template)
	if err != nil {
		return nil, err
	}
	switch {
	case a.Slack.Set():
		return notify.NewSlack(a.Name, known.Address, words)
	case a.Mail != nil:
		return &notify.Mail{
			Alert: a.Name, Host: a.Mail.Host, Port: a.Mail.Port, From: a.Mail.From, To: a.Mail.To, Username: a.Mail.Username,
			Password: known.Password, Template: words, Clock: clock.System(),
		}, nil
	case a.TopicARN != "":
		return drive.Topic{Cloud: c.Cloud, Alert: a.Name, ARN: a.TopicARN}, nil
	}
	return notify.NewWebhook(a.Name, known.Address, known.Key, clock.System())
}

// rehearsed is a sink that nothing leaves this machine by, where AWS is simulated.
func (t Tool) rehearsed(s notify.Sink) notify.Sink {
	if local, ok := s.(interface{ Local() bool }); !t.Sim() || ok && local.Local() {
		return s
	}
	folder := filepath.Join(t.Folder(), filepath.FromSlash(path.Join("sim", "sent")))
	t.Say("alert %s: this is a rehearsal, so its messages go into %s\n", s.Name(), folder)
	return notify.OnPaper(s, folder)
}

// receiver is what an alert wants to hear of.
func receiver(a config.Alert) watch.Receiver {
	r := watch.Receiver{Name: a.Name, Least: watch.Warning, Members: a.Services, Codes: a.Codes}
	switch a.Severity {
	case watch.Info.String():
		r.Least = watch.Info
	case watch.Error.String():
		r.Least = watch.Error
	}
	return r
}
