package config

import (
	"regexp"
	"strconv"

	"berth/internal/config/option"
	"berth/internal/config/tfvars"
)

// keyOfKMS is an id, an alias or the ARN of either (EC2 API reference, EbsBlockDevice).
var keyOfKMS = regexp.MustCompile(`^(|(arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:)?(alias/[a-zA-Z0-9/_-]{1,250}|key/[a-zA-Z0-9-]{1,64})|mrk-[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$`)

// imageGiB is the size of AWS's own images: what tasks live on cannot be smaller. Bottlerocket's is the second volume.
func imageGiB(family string) int {
	if family == Bottlerocket {
		return 20
	}
	return 30
}

// figures are what a type of volume takes (EBS user guide, "Amazon EBS volume types"; EC2 API reference, EbsBlockDevice).
type figures struct {
	most                 int // GiB
	leastIOPS, mostIOPS  int // 0 where the type takes no number
	perGiB               int // IOPS for each GiB at most
	leastSpeed, topSpeed int // MiB per second; 0 where the type takes no number
}

// perIOPS is how many IOPS a gp3 volume needs for each MiB per second.
const perIOPS = 4

func figuresOf(kind string) figures {
	switch kind {
	case "gp3":
		return figures{most: 65536, leastIOPS: 3000, mostIOPS: 80000, perGiB: 500, leastSpeed: 125, topSpeed: 2000}
	case "io1":
		return figures{most: 16384, leastIOPS: 100, mostIOPS: 64000, perGiB: 50}
	case "io2":
		return figures{most: 65536, leastIOPS: 100, mostIOPS: 256000, perGiB: 1000}
	default:
		return figures{most: 16384}
	}
}

// volume reads the volume that images and containers live on.
func (s settings) volume(g *Group) {
	g.Volume = Volume{Type: "gp3"}
	v, given := s.values["volume"]
	if !given {
		return
	}
	inner, ok := s.nested(option.Volume, tfvars.Entry{Key: "volume", At: v.At, Value: v})
	if !ok {
		return
	}
	inner.finish()
	g.Volume.Type = inner.choice("type")
	f := figuresOf(g.Volume.Type)
	g.Volume.GiB = inner.between("size_gib", imageGiB(g.AMIFamily), f.most, "GiB")
	g.Volume.IOPS = inner.rate("iops", g.Volume.Type, f.leastIOPS, f.mostIOPS)
	g.Volume.Throughput = inner.rate("throughput", g.Volume.Type, f.leastSpeed, f.topSpeed)
	g.Volume.KMSKey, _ = inner.text("kms_key_id")
	if k := inner.values["kms_key_id"]; !keyOfKMS.MatchString(g.Volume.KMSKey) {
		s.Fail(k.At, Fault{
			Code: codeIllegalText, Summary: k.Path + " cannot be " + tfvars.Quote(g.Volume.KMSKey), Detail: "It names no key.",
			Hint: "a key's id, alias/NAME, or the ARN of either",
		})
	}
	inner.ratios(*g)
}

// between reads a number within bounds; 0 when it is left out.
func (s settings) between(name string, least, most int, unit string) int {
	n, ok := s.number(name)
	if v := s.values[name]; ok && (n < least || n > most) {
		s.Fail(v.At, Fault{
			Code: codeVolume, Summary: v.Path + " cannot be " + strconv.Itoa(n),
			Hint: "a whole number from " + strconv.Itoa(least) + " to " + strconv.Itoa(most) + " (" + unit + ")",
		})
	}
	return n
}

// rate reads what only some types of volume take a number for.
func (s settings) rate(name, kind string, least, most int) int {
	v, given := s.values[name]
	switch {
	case given && most == 0:
		s.Fail(v.At, Fault{Code: codeNotHere, Summary: v.Path + " means nothing to a volume of type " + kind, Hint: "leave it out, or write type = \"gp3\""})
		return 0
	case !given && name == "iops" && (kind == "io1" || kind == "io2"):
		s.Fail(s.values["type"].At, Fault{
			Code: codeMissing, Summary: s.join("iops") + " is missing", Detail: "A volume of type " + kind + " is paid by its IOPS.",
			Hint: "write iops = 3000, or type = \"gp3\", which has as many by itself",
		})
		return 0
	}
	unit := "IOPS of " + kind
	if name == "throughput" {
		unit = "MiB per second"
	}
	return s.between(name, least, most, unit)
}

// ratios holds IOPS to the size, and throughput to the IOPS, where all of them are within their own bounds.
func (s settings) ratios(g Group) {
	v, f := g.Volume, figuresOf(g.Volume.Type)
	size := max(v.GiB, imageGiB(g.AMIFamily))
	at := s.values["iops"]
	if v.IOPS > f.perGiB*size && v.IOPS <= f.mostIOPS {
		s.Fail(at.At, Fault{
			Code: codeVolume, Summary: at.Path + " " + strconv.Itoa(v.IOPS) + " is too much for " + strconv.Itoa(size) + " GiB",
			Detail: v.Type + " has at most " + strconv.Itoa(f.perGiB) + " for each GiB.",
			Hint:   "write iops = " + strconv.Itoa(f.perGiB*size) + " or less, or size_gib = " + strconv.Itoa((v.IOPS+f.perGiB-1)/f.perGiB) + " or more",
		})
	}
	at = s.values["throughput"]
	if iops := max(v.IOPS, f.leastIOPS); v.Throughput*perIOPS > iops && v.Throughput <= f.topSpeed {
		s.Fail(at.At, Fault{
			Code: codeVolume, Summary: at.Path + " " + strconv.Itoa(v.Throughput) + " is too much for " + strconv.Itoa(iops) + " IOPS",
			Detail: "gp3 has at most 1 MiB per second for each 4 IOPS.",
			Hint:   "write iops = " + strconv.Itoa(v.Throughput*perIOPS) + " or more, or throughput = " + strconv.Itoa(iops/perIOPS) + " or less",
		})
	}
}
