package model

// Bucket is the cluster's own S3 bucket: the lease lives in it.
type Bucket struct {
	Name         string
	Versioning   bool
	Encryption   string // "AES256"
	PublicBlock  bool   // all four public access blocks
	Ownership    string // "BucketOwnerEnforced"
	Policy       string // canonical JSON
	ExpireAfter  int    // days after which old versions under lease/ go; 0: never
	ExpirePrefix string
	Tags         Tags
	OtherTags    Tags // tags of others: S3 sets all tags at once, so they must be handed back
}

// BucketKey is the key of the one bucket.
func BucketKey() Key { return Key{Kind: KindBucket} }

// Key is BucketKey.
func (b Bucket) Key() Key { return BucketKey() }

// Refs is empty: the bucket comes first and goes last.
func (b Bucket) Refs() []Key { return nil }

// Attrs lists the bucket's settings.
func (b Bucket) Attrs() []Attr {
	var a attrs
	a.text("name", b.Name)
	a.flag("versioning", b.Versioning)
	a.text("encryption", b.Encryption)
	a.flag("public_access_block", b.PublicBlock)
	a.text("ownership", b.Ownership)
	a.text("policy", b.Policy)
	a.text("expire_prefix", b.ExpirePrefix)
	a.number("expire_old_versions_days", b.ExpireAfter)
	a.tags(b.Tags)
	return a
}
