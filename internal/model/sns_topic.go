package model

// Topic is the SNS topic that tells people what fails.
type Topic struct {
	Name        string
	DisplayName string // who the mails are from
	Policy      string // canonical JSON: who may publish
	KMSKey      Key    // what its messages are encrypted with; zero: nothing
	Signature   string // the version of the signature on what web servers are sent: "2" is SHA-256
	Tags        Tags
}

// TopicKey is the key of the one topic.
func TopicKey() Key { return Key{Kind: KindTopic} }

// Key is TopicKey.
func (t Topic) Key() Key { return TopicKey() }

// Refs is the encryption key.
func (t Topic) Refs() []Key {
	if t.KMSKey.IsZero() {
		return nil
	}
	return []Key{t.KMSKey}
}

// Attrs lists the topic's settings.
func (t Topic) Attrs() []Attr {
	var a attrs
	a.text("name", t.Name)
	a.text("display_name", t.DisplayName)
	a.text("policy", t.Policy)
	a.key("kms_key", t.KMSKey)
	a.text("signature_version", t.Signature)
	a.tags(t.Tags)
	return a
}
