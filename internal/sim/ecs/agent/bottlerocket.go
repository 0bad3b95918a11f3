package agent

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"berth/internal/sim/world"
)

// kinds are the settings under settings.ecs with the sort of value that each takes (Bottlerocket, "settings.ecs").
func kinds() map[string]string {
	return map[string]string{
		"cluster": "text", "backend-host": "text", "loglevel": "text", "image-pull-behavior": "text",
		"container-stop-timeout": "span", "task-cleanup-wait": "span", "image-cleanup-wait": "span", "image-cleanup-age": "span",
		"allow-privileged-containers": "flag", "awsvpc-block-imds": "flag", "enable-container-metadata": "flag",
		"enable-spot-instance-draining": "flag", "image-cleanup-enabled": "flag",
		"reserved-memory": "number", "image-cleanup-delete-per-cycle": "number", "metadata-service-rps": "number", "metadata-service-burst": "number",
		"logging-drivers": "list",
	}
}

// span is how Bottlerocket takes a span of time: every unit at most once, the largest first.
var span = regexp.MustCompile(`^(([0-9]+\.)?[0-9]+h)?(([0-9]+\.)?[0-9]+m)?(([0-9]+\.)?[0-9]+s)?(([0-9]+\.)?[0-9]+ms)?(([0-9]+\.)?[0-9]+[uµ]s)?(([0-9]+\.)?[0-9]+ns)?$`)

const (
	ecsTable        = "settings.ecs."
	attributesTable = "settings.ecs.instance-attributes."
)

// readTOML reads Bottlerocket's user data. One setting that it does not know, or of another sort, and it takes none of them,
// so that the agent never starts.
func (conf *Config) readTOML(data string) error {
	s, err := readSettings(data)
	if err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(s.values)) {
		if !strings.HasPrefix(name, "settings.") && !strings.HasPrefix(name, "#") {
			return fmt.Errorf("unknown field `%s`, expected `settings`", name)
		}
		if attribute, ok := strings.CutPrefix(name, attributesTable); ok {
			err = conf.attribute(attribute, s.values[name])
		} else if key, ok := strings.CutPrefix(name, ecsTable); ok {
			err = conf.setTOML(key, s.values[name])
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (conf *Config) attribute(name string, value any) error {
	text, ok := value.(string)
	if plain, err := strconv.Unquote(name); err == nil {
		name = plain
	}
	if !ok {
		return fmt.Errorf("invalid type for `%s%s`, expected a string", attributesTable, name)
	}
	conf.attributes = conf.attributes.Set(world.Tag{Key: name, Value: text})
	return nil
}

// fits refuses a setting of the agent's that there is not, or of another sort.
func fits(key string, value any) error {
	text, isText := value.(string)
	n, isNumber := value.(int)
	_, isFlag := value.(bool)
	_, isList := value.([]any)
	is := map[string]bool{"text": isText, "span": isText, "flag": isFlag, "number": isNumber, "list": isList}
	kind, known := kinds()[key]
	switch {
	case !known:
		return fmt.Errorf("unknown field `%s%s`", ecsTable, key)
	case !is[kind]:
		return fmt.Errorf("invalid type for `%s%s`, expected a %s", ecsTable, key, kind)
	case kind == "span" && (text == "" || !span.MatchString(text)):
		return fmt.Errorf("invalid ECS duration value '%s' for `%s%s`", text, ecsTable, key)
	case key == "reserved-memory" && (n < 0 || n > math.MaxUint16):
		return fmt.Errorf("invalid value for `%s%s`: integer `%d`, expected u16", ecsTable, key, n)
	}
	return nil
}

// setTOML takes one setting of the agent's.
func (conf *Config) setTOML(key string, value any) error {
	if err := fits(key, value); err != nil {
		return err
	}
	text, _ := value.(string)
	on, _ := value.(bool)
	n, _ := value.(int)
	list, _ := value.([]any)
	switch key {
	case "cluster":
		conf.Cluster = cmp.Or(text, defaultCluster)
	case "reserved-memory":
		conf.reservedMemory = n
	case "enable-spot-instance-draining":
		conf.SpotDraining = on
	case "allow-privileged-containers":
		conf.unprivileged = !on
	case "awsvpc-block-imds":
		conf.blockMetadata = on
	case "logging-drivers":
		conf.drivers = nil
		for _, d := range list {
			conf.drivers = append(conf.drivers, fmt.Sprint(d))
		}
	}
	return nil
}
