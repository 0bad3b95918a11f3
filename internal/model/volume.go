package model

// Volume is an EBS volume that an instance brings along. The zero Volume is none.
type Volume struct {
	Device     string // the name that the image knows it by
	Type       string // "gp3", "gp2", "io1" or "io2"
	GiB        int
	IOPS       int    // 0 is what the type has by itself
	Throughput int    // in MiB per second; 0 is what the type has by itself
	KMSKey     string // id, alias or ARN; empty is the account's own key for volumes
	Encrypted  bool
	Delete     bool // with the instance
}

// attrs lists a volume's settings under a name; there are none where there is no volume. What the type has by itself is no
// setting.
func (v Volume) attrs(name string) attrs {
	var a attrs
	if v == (Volume{}) {
		return nil
	}
	a.text(name+".device", v.Device)
	a.text(name+".type", v.Type)
	a.number(name+".size_gib", v.GiB)
	if v.IOPS > 0 {
		a.number(name+".iops", v.IOPS)
	}
	if v.Throughput > 0 {
		a.number(name+".throughput", v.Throughput)
	}
	if v.KMSKey != "" {
		a.text(name+".kms_key_id", v.KMSKey)
	}
	a.flag(name+".encrypted", v.Encrypted)
	a.flag(name+".delete_on_termination", v.Delete)
	return a
}
