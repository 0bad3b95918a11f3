package desired

import (
	"berth/internal/config"
	"berth/internal/model"
)

// The sizes that AWS's own images come with: the root volume of Amazon Linux, and Bottlerocket's second volume, which is
// for images and containers.
const (
	leastVolume  = 30
	leastStorage = 20
)

// volume is what images and containers of a group's instances live on.
func (b *builder) volume(g config.Group) model.Volume {
	image, least := b.facts.Images[g.Name], leastVolume
	if g.AMIFamily == config.Bottlerocket {
		least = leastStorage
	}
	v := g.Volume
	if v.GiB == 0 {
		v.GiB = max(image.MinGiB, least)
	}
	return model.Volume{
		Device: image.Device, Type: v.Type, GiB: v.GiB, IOPS: v.IOPS, Throughput: v.Throughput, KMSKey: v.KMSKey, Encrypted: true, Delete: true,
	}
}

// systemVolume is Bottlerocket's root volume: as large as its image and never written to, but encrypted like the other.
func (b *builder) systemVolume(g config.Group) model.Volume {
	image := b.facts.Images[g.Name]
	if image.System == "" {
		return model.Volume{}
	}
	return model.Volume{Device: image.System, Type: "gp3", GiB: image.SystemGiB, KMSKey: g.Volume.KMSKey, Encrypted: true, Delete: true}
}
