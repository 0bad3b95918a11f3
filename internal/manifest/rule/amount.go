package rule

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"berth/internal/document"
	"berth/internal/manifest/draft"
	"berth/internal/manifest/fault"
)

// leastMemory is what Docker needs for a container, in MiB.
const leastMemory = 6

// memory checks what one container takes.
func (c *checker) memory(one container) {
	limit, hard := draft.Number(one.Value, "memory")
	soft, kept := draft.Number(one.Value, "memoryReservation")
	whole := c.f.Definition.Get("memory")
	switch {
	case !one.Get("memory").There() && !one.Get("memoryReservation").There() && !whole.There():
		c.Fail(one.At, fault.Fault{
			Code: fault.CodeMemory, Summary: one.said + " does not say how much memory it takes", Detail: "On EC2 ECS needs it to choose an instance.",
			Hint: `add "memoryReservation": 256, which is kept for it, and "memory": 512, where it is killed, both in MiB`,
		})
	case hard && limit < leastMemory:
		c.Fail(one.Get("memory").At, fault.Fault{Code: fault.CodeAmount, Summary: fmt.Sprintf("%s cannot run in %d MiB", one.said, limit), Hint: "at least 6, in MiB"})
	case kept && soft < leastMemory:
		c.Fail(one.Get("memoryReservation").At, fault.Fault{Code: fault.CodeAmount, Summary: fmt.Sprintf("%s cannot run in %d MiB", one.said, soft), Hint: "at least 6, in MiB"})
	case hard && kept && limit < soft:
		c.Fail(one.Get("memoryReservation").At, fault.Fault{
			Code: fault.CodeAmount, Summary: fmt.Sprintf("%s: %d MiB are kept for it, and it is killed at %d", one.said, soft, limit),
			Hint: fmt.Sprintf(`write "memory": %d, or a smaller "memoryReservation"`, soft),
		})
	}
}

// amountText is how a task's cpu and memory are written: "512", "0.5 vCPU", "1 GB".
var amountText = regexp.MustCompile(`(?i)^\s*([0-9]+(?:\.[0-9]+)?)\s*(vcpu|gb)?\s*$`)

// amount is a task's cpu in units or memory in MiB; false where it is none.
func amount(v document.Value, unit string) (int, bool) {
	m := amountText.FindStringSubmatch(v.Text)
	if v.Kind != document.Text || m == nil || m[2] != "" && !strings.EqualFold(m[2], unit) || m[2] == "" && strings.Contains(m[1], ".") {
		return 0, false
	}
	n, err := strconv.ParseFloat(m[1], 64)
	if m[2] != "" {
		n *= 1024
	}
	return int(n), err == nil && n < 1<<31
}

// amounts compares the task with the sum of its containers.
func (c *checker) amounts(all []container) {
	for _, of := range []struct{ name, unit, said string }{{"cpu", "vCPU", "cpu units"}, {"memory", "GB", "MiB of memory"}} {
		v := c.f.Definition.Get(of.name)
		if v.Kind != document.Text || c.f.Open(v) {
			continue
		}
		whole, ok := amount(v, of.unit)
		if !ok || whole == 0 {
			c.Fail(v.At, fault.Fault{
				Code: fault.CodeAmount, Summary: "the task's " + of.name + " cannot be " + c.f.Quote(v), Hint: `write "` + of.name + `": "512" or "` + of.name + `": "1 ` + of.unit + `"`,
			})
			continue
		}
		if sum := sumOf(all, of.name); sum > whole {
			c.Fail(v.At, fault.Fault{
				Code: fault.CodeAmount, Summary: fmt.Sprintf("the containers take %d %s, and the task has %d", sum, of.said, whole),
				Hint: fmt.Sprintf(`write "%s": "%d", or leave it out`, of.name, sum),
			})
		}
	}
}

// sumOf is what the containers take in all; of memory what is kept for them, else their limit.
func sumOf(all []container, name string) int {
	sum := 0
	for _, one := range all {
		n, ok := draft.Number(one.Value, name)
		if soft, kept := draft.Number(one.Value, "memoryReservation"); name == "memory" && kept {
			n, ok = soft, true
		}
		if ok && n > 0 && n < 1<<31 {
			sum += n
		}
	}
	return sum
}

// Takes is what one task takes of its instance: cpu in units and memory in MiB. What is not known yet counts nothing.
func Takes(f draft.Folder) (cpu, memory int) {
	all := (&checker{f: f}).containers()
	if n, ok := amount(f.Definition.Get("cpu"), "vCPU"); ok {
		cpu = n
	}
	if n, ok := amount(f.Definition.Get("memory"), "GB"); ok {
		memory = n
	}
	if cpu == 0 {
		cpu = sumOf(all, "cpu")
	}
	if memory == 0 {
		memory = sumOf(all, "memory")
	}
	return cpu, memory
}
