package check

import (
	"fmt"

	"berth/internal/config"
)

// dearKinds speaks of what costs many times as much as the ordinary kind: accelerators that are there at all times, and
// volumes that gp3 does the work of.
func dearKinds(in Input) []Finding {
	var out []Finding
	for _, g := range in.Config.Groups {
		out = append(out, in.idleAccelerators(g)...)
		out = append(out, in.dearVolume(g)...)
	}
	return out
}

func (in Input) idleAccelerators(g config.Group) []Finding {
	n := least(g)
	if g.Accelerator == "" || n == 0 {
		return nil
	}
	what := "GPUs"
	if g.Accelerator == config.Neuron {
		what = "Neuron accelerators"
	}
	fix := "min_size = 0" + in.inside(g) + ": managed scaling starts them for tasks, which then wait some minutes"
	if !g.ManagedScaling {
		fix = "managed_scaling = true, " + fix
	}
	return []Finding{in.at(Finding{
		Severity: Info,
		Text: fmt.Sprintf("group %s keeps %s with %s at all times, used or not: the smallest of the kind costs about $%d a month (%s), the largest a hundred times that",
			g.Name, quantity(n, "instance"), what, acceleratorMonthly, pricesOf),
		Fix: fix,
	}, in.sizes(g)...)}
}

func (in Input) dearVolume(g config.Group) []Finding {
	f := Finding{Severity: Info, Fix: `volume = { type = "gp3" }` + in.inside(g)}
	switch g.Volume.Type {
	case "gp2":
		f.Text = fmt.Sprintf("the volumes of group %s are gp2: a GiB costs $%.2f a month, with gp3 $%.2f (%s), and gp3 has more IOPS up to 1000 GiB", g.Name, gp2Monthly, gp3Monthly, pricesOf)
	case "io1", "io2":
		f.Text = fmt.Sprintf("each volume of group %s costs about $%.0f a month for its %d IOPS alone (%s); gp3 has 3000 for nothing, and up to 80000",
			g.Name, iopsMonthly*float64(g.Volume.IOPS), g.Volume.IOPS, pricesOf)
	default:
		return nil
	}
	return []Finding{in.at(f, in.Config.Setting(g.Name, "volume.type"), in.Config.Setting(g.Name, "volume"))}
}
