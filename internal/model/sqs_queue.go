package model

// The cluster's queues.
const (
	EventQueue = "events"       // everything that happens in the cluster, as AWS says it
	DeadQueue  = "dead_letters" // what could not be delivered, or not be read
)

// Queue is an SQS queue.
type Queue struct {
	What        string // EventQueue or DeadQueue: the key's name
	Name        string
	Policy      string // canonical JSON: who may send
	Encryption  string // "SSE-SQS", "none", or the key that somebody set
	Retention   int    // seconds after which AWS forgets a message
	Visibility  int    // seconds that a reader has for a message before others get it
	Wait        int    // seconds that a read waits for a message
	DeadLetters Key    // where messages go that nobody could read; zero: nowhere
	MaxReceives int    // how often a message is read before it goes there
	Tags        Tags
}

// QueueKey names a queue.
func QueueKey(what string) Key { return Key{KindQueue, what} }

// Key is QueueKey of what it is for.
func (q Queue) Key() Key { return QueueKey(q.What) }

// Refs is the queue of its dead letters.
func (q Queue) Refs() []Key {
	if q.DeadLetters.IsZero() {
		return nil
	}
	return []Key{q.DeadLetters}
}

// Attrs lists the queue's settings.
func (q Queue) Attrs() []Attr {
	var a attrs
	a.text("name", q.Name)
	a.text("policy", q.Policy)
	a.text("encryption", q.Encryption)
	a.number("retention_seconds", q.Retention)
	a.number("visibility_seconds", q.Visibility)
	a.number("wait_seconds", q.Wait)
	if !q.DeadLetters.IsZero() {
		a.key("dead_letters", q.DeadLetters)
		a.number("max_receives", q.MaxReceives)
	}
	a.tags(q.Tags)
	return a
}
