package model

// KMSKey is the cluster's own encryption key: EventBridge may publish to an encrypted topic only by a key whose policy lets
// it in, which those of AWS never do.
type KMSKey struct {
	Alias        string // "alias/prod_shop_events"
	Description  string
	Policy       string // canonical JSON
	Enabled      bool
	RotationDays int // how often its material is replaced; 0: never
	Tags         Tags
	Kept         string // the id of the cluster's key that was to be deleted and that is kept instead of making another
}

// KMSKeyKey is the key of the one encryption key.
func KMSKeyKey() Key { return Key{Kind: KindKMSKey} }

// Key is KMSKeyKey.
func (k KMSKey) Key() Key { return KMSKeyKey() }

// Refs is empty.
func (k KMSKey) Refs() []Key { return nil }

// Attrs lists the key's settings.
func (k KMSKey) Attrs() []Attr {
	var a attrs
	a.text("alias", k.Alias)
	a.text("description", k.Description)
	a.text("policy", k.Policy)
	a.flag("enabled", k.Enabled)
	a.number("rotation_days", k.RotationDays)
	a.tags(k.Tags)
	return a
}
