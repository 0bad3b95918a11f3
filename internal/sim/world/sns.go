package world

import "time"

// SNS is the state of topics.
type SNS struct {
	Topics        Table[Topic]        // by ARN
	Subscriptions Table[Subscription] // by id, the last part of the ARN
}

// Topic takes messages to subscriptions.
type Topic struct {
	Name, ARN, DisplayName string
	Policy                 string
	Key                    string
	Signature, Tracing     string // SignatureVersion, TracingConfig; empty: never set
	Deleted                int    // subscriptions that were deleted
	Figures                TopicFigures
	Tags                   Tags
}

// TopicFigures count what became of a topic's messages.
type TopicFigures struct {
	Published int
	Refused   int // that a service was not allowed to publish, or to encrypt
	Delivered int
	Failed    int // that no try delivered
	LastError string
}

// Subscription takes a topic's messages to an endpoint.
type Subscription struct {
	ID, ARN, Topic     string // Topic is an ARN
	Protocol, Endpoint string
	Confirmed          bool
	Authenticated      bool // only its owner can end it
	Token              string
	Raw                bool
	DeadLetter         string // ARN; empty: none
}

// Mailbox is the mail that was sent: all services share it, and nobody reads it but people.
type Mailbox struct {
	Sent  int    // mails so far
	Mails []Mail // the newest, oldest first
}

// mostMails is how many mails are kept.
const mostMails = 1000

// Mail is a message to a person.
type Mail struct {
	Number            int // from 1, without gaps
	To, Subject, Body string
	At                time.Time
}

// Send sends a mail.
func (w *World) Send(m Mail) {
	w.Mailbox.Sent++
	m.Number, m.At = w.Mailbox.Sent, w.Time
	w.Mailbox.Mails = append(w.Mailbox.Mails, m)
	w.Mailbox.Mails = w.Mailbox.Mails[max(len(w.Mailbox.Mails)-mostMails, 0):]
}

// Outbox is what waits to be posted to the world outside. A world calls nobody: whoever serves it takes from here and reports
// how it went.
type Outbox struct {
	Address string // where the simulator itself can be reached, "http://127.0.0.1:4566"; empty: nowhere
	Posts   Table[Post]
}

// mostPosts is how many posts may wait; the oldest is dropped for a new one.
const mostPosts = 1000

// Post is a message that waits to be posted.
type Post struct {
	ID, Region string
	Source     string // who wants to know how it went: the id of a subscription
	URL, Body  string
	Header     map[string]string
	At         time.Time // not before
	Tries      int       // so far
}

// Post puts a message into the outbox.
func (w *World) Post(p *Post) {
	for id := range w.Outbox.Posts.All() {
		if w.Outbox.Posts.Len() < mostPosts {
			break
		}
		w.Outbox.Posts.Delete(id)
	}
	w.Outbox.Posts.Put(p.ID, p)
}
