package model

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
)

// LaunchTemplate says how the instances of a group are made. A change is a new numbered version; running instances
// keep theirs.
type LaunchTemplate struct {
	Group          string
	Name           string
	Content        Launch
	Tags           Tags // of the template itself
	LatestVersion  int  // observed only
	DefaultVersion int  // observed only
}

// Launch is the content of one version of a launch template.
type Launch struct {
	AMI            string
	InstanceType   string
	KeyName        string // of a key pair that is not berth's; empty for none
	KeyPair        Key    // the group's own; zero for none
	Profile        Key
	SecurityGroups []Key
	UserData       string // as text, not base64
	Volume         Volume // the root volume; of Bottlerocket the one with images and containers
	SystemVolume   Volume // Bottlerocket only: its root volume
	HTTPTokens     string
	HTTPEndpoint   string
	HopLimit       int
	Monitoring     bool // detailed monitoring, one minute
	InstanceTags   Tags
	VolumeTags     Tags
}

// TemplateKey names the launch template of a group.
func TemplateKey(group string) Key { return Key{KindTemplate, group} }

// Key is TemplateKey of its group.
func (l LaunchTemplate) Key() Key { return TemplateKey(l.Group) }

// Refs are the instance profile, the key pair and the security groups.
func (l LaunchTemplate) Refs() []Key {
	refs := []Key{}
	for _, k := range append([]Key{l.Content.Profile, l.Content.KeyPair}, l.Content.SecurityGroups...) {
		if !k.IsZero() && k.Kind != KindForeign {
			refs = append(refs, k)
		}
	}
	return refs
}

// Attrs lists the settings of the newest version and the template's own tags.
func (l LaunchTemplate) Attrs() []Attr {
	var a attrs
	a.text("name", l.Name)
	a = append(a, l.Content.attrs()...)
	a.tags(l.Tags)
	return a
}

func (l Launch) attrs() attrs {
	var a attrs
	a.text("ami", l.AMI)
	a.text("instance_type", l.InstanceType)
	a.text("key_name", l.KeyName)
	if !l.KeyPair.IsZero() {
		a.key("key_pair", l.KeyPair)
	}
	a.key("instance_profile", l.Profile)
	a.keys("security_groups", l.SecurityGroups)
	a.text("user_data", l.UserData)
	a = append(a, l.Volume.attrs("volume")...)
	a = append(a, l.SystemVolume.attrs("system_volume")...)
	a.text("metadata.http_tokens", l.HTTPTokens)
	a.text("metadata.http_endpoint", l.HTTPEndpoint)
	a.number("metadata.hop_limit", l.HopLimit)
	a.flag("detailed_monitoring", l.Monitoring)
	for _, t := range l.InstanceTags {
		a.text("instance_tags."+t.Key, t.Value)
	}
	for _, t := range l.VolumeTags {
		a.text("volume_tags."+t.Key, t.Value)
	}
	return a
}

// Digest is a short name for the content: equal contents have equal digests. A group remembers nothing else of the
// version that it launches from, so a changed template and a group that points elsewhere show in the same way.
func (l Launch) Digest() string {
	h := sha256.New()
	for _, a := range l.attrs() {
		fmt.Fprintf(h, "%q=%q\n", a.Name, a.Value)
	}
	return hex.EncodeToString(h.Sum(nil))[:12]
}
