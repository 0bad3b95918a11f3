package check

import (
	"fmt"
	"slices"
	"strconv"

	"berth/internal/config"
)

func oneZone(in Input) []Finding {
	if len(in.Config.Zones) != 1 {
		return nil
	}
	return []Finding{in.at(Finding{
		Severity: Warning,
		Text:     fmt.Sprintf("the whole cluster stands in %s: when this one zone fails, all of it stands still", in.Config.Zones[0].Name),
		Fix:      in.addZone(),
	}, "availability_zones")}
}

// twoZones is for information: two zones are highly available, three just lose less. Where the region has no third
// one there is nothing to say.
func twoZones(in Input) []Finding {
	if len(in.Config.Zones) != 2 || len(in.Facts.Zones) > 0 && in.unusedZone() == "" {
		return nil
	}
	return []Finding{in.at(Finding{
		Severity: Info,
		Text:     "the cluster stands in 2 zones: losing one takes half of its instances, and with three zones it would be a third",
		Fix:      in.addZone(),
	}, "availability_zones")}
}

// addZone says how a zone is added: where the file gives ranges, the new zone needs its own.
func (in Input) addZone() string {
	if in.Config.Existing != nil {
		return "name subnets of one more zone in existing_vpc"
	}
	fix := "add a zone to availability_zones"
	if z := in.unusedZone(); z != "" {
		fix = "add " + strconv.Quote(z) + " to availability_zones"
	}
	var lists []string
	for _, list := range []string{"public_subnet_cidrs", "private_subnet_cidrs"} {
		if given(in.Config, list) != "" {
			lists = append(lists, list)
		}
	}
	if len(lists) > 0 {
		fix += ", and its range to " + enumerate(lists)
	}
	return fix
}

// unusedZone is a zone of the region that the file does not use and that every group could use; "" when there is none.
func (in Input) unusedZone() string {
	for _, z := range in.Facts.Zones {
		used := slices.ContainsFunc(in.Config.Zones, func(own config.Zone) bool { return own.Name == z.Name })
		missing := func(g config.Group) bool { return len(offeredIn(in.Facts, g, z.Name)) == 0 }
		if !used && !slices.ContainsFunc(in.Config.Groups, missing) {
			return z.Name
		}
	}
	return ""
}
