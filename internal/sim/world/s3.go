package world

import "time"

// S3 is the state of buckets and their objects; bucket names are global.
type S3 struct {
	Buckets Table[StorageBucket] // by name
	Foreign []string             // names that other accounts hold
}

// StorageBucket is an S3 bucket with its settings and objects.
type StorageBucket struct {
	Name, Region string
	Created      time.Time
	Tags         Tags
	Policy       string            // the text as it was put; empty for none
	Versioning   string            // "", "Enabled" or "Suspended"; once set it is never "" again
	Ownership    string            // "BucketOwnerEnforced" from birth; empty for none
	Access       *PublicAccess     // nil for none
	Encryption   string            // the configuration as it was put, as JSON; empty for the default, SSE-S3
	Lifecycle    string            // the configuration as it was put, as JSON; empty for none
	Objects      Table[ObjectHead] // by key
}

// PublicAccess are the four switches against public access.
type PublicAccess struct {
	BlockACLs, IgnoreACLs, BlockPolicy, Restrict bool
}

// ObjectHead is all that is kept under one key, newest first; it is never empty.
type ObjectHead struct{ Versions []ObjectVersion }

// ObjectVersion is one version of an object, or a delete marker.
type ObjectVersion struct {
	ID           string // "null" when it was written without versioning
	Marker       bool   // a delete marker: no data
	Data         []byte
	ETag         string // the MD5 of Data in quotes
	Modified     time.Time
	Headers      ObjectHeaders
	Meta         map[string]string
	Tags         Tags
	StorageClass string
	Encryption   string // "AES256", "aws:kms" or "aws:kms:dsse"
	KMSKey       string
	Algorithm    string // of Checksum: "CRC32", "CRC64NVME", …
	Checksum     string // base64
}

// ObjectHeaders are the HTTP headers that S3 keeps with an object and gives back.
type ObjectHeaders struct {
	ContentType, ContentEncoding, ContentLanguage, ContentDisposition, CacheControl, Expires, Redirect string
}
