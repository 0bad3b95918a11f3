package agent

import (
	"cmp"
	"encoding/base64"
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"

	"berth/internal/sim/ec2"
	"berth/internal/sim/world"
)

// defaultCluster is where an agent registers that is told of no cluster.
const defaultCluster = "default"

// Config is what an instance's agent is told: the image's defaults, and the user data over them.
type Config struct {
	Cluster        string
	attributes     world.Tags // the owner's, in order of name
	Tags           world.Tags // ECS_CONTAINER_INSTANCE_TAGS, in order of key
	EC2Tags        bool       // takes the EC2 instance's tags along
	reservedMemory int
	ports          []string
	portsUDP       []string
	drivers        []string
	gpu            bool
	unprivileged   bool
	blockMetadata  bool
	noHealthCheck  bool
	selinux        bool
	apparmor       bool
	SpotDraining   bool
}

// Read reads an instance's user data as its image would: Bottlerocket reads TOML, Amazon Linux runs a script that
// writes /etc/ecs/ecs.config. What is no script is not run. The error says why Bottlerocket takes its settings for none.
func Read(i *world.Instance, image ec2.Image) (Config, error) {
	conf := Config{
		Cluster: defaultCluster, ports: []string{"22", "2375", "2376", "51678", "51679"},
		drivers: []string{"json-file", "syslog", "awslogs", "fluentd", "none"},
		gpu:     strings.Contains(image.Path(), "gpu") || strings.Contains(image.Path(), "nvidia"),
	}
	raw, err := base64.StdEncoding.DecodeString(i.UserData)
	if err != nil {
		return conf, nil //nolint:nilerr // EC2 takes no other user data
	}
	data := string(raw)
	if image.System() == "Bottlerocket" {
		conf.drivers = []string{"json-file", "awslogs", "none"}
		conf.unprivileged = true
		err = conf.readTOML(data)
		return conf, err
	}
	if runs(data) {
		conf.readScript(data)
	}
	return conf, nil
}

// runs tells whether cloud-init would run the user data, or a part of it.
func runs(data string) bool {
	data = strings.TrimLeft(data, " \t\r\n")
	for _, head := range []string{"#!", "#cloud-config", "#cloud-boothook", "Content-Type:", "MIME-Version:"} {
		if len(data) >= len(head) && strings.EqualFold(data[:len(head)], head) {
			return true
		}
	}
	return false
}

// readScript finds what a script writes to the agent's configuration: every ECS_NAME=value outside of comments. The last
// one holds.
func (conf *Config) readScript(script string) {
	for line := range strings.Lines(script) {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "#") {
			continue
		}
		for {
			at := strings.Index(line, "ECS_")
			if at < 0 {
				break
			}
			line = line[at:]
			end := strings.IndexFunc(line, func(r rune) bool { return r != '_' && (r < 'A' || r > 'Z') && (r < '0' || r > '9') })
			if end < 0 {
				break
			}
			name := line[:end]
			if line = line[end:]; strings.HasPrefix(line, "=") {
				var value string
				value, line = word(line[1:])
				conf.set(name, value)
			}
		}
	}
}

// word reads one value as a shell or a configuration file has it, and gives what follows it.
func word(s string) (value, rest string) {
	if s == "" {
		return "", ""
	}
	s = strings.ReplaceAll(s, `\"`, `"`)
	switch s[0] {
	case '"', '\'':
		if end := strings.IndexByte(s[1:], s[0]); end >= 0 {
			return s[1 : end+1], s[end+2:]
		}
	case '{', '[':
		d := json.NewDecoder(strings.NewReader(s))
		var v json.RawMessage
		if d.Decode(&v) == nil {
			return string(v), s[d.InputOffset():]
		}
	}
	end := strings.IndexAny(s, " \t\"';|&>")
	if end < 0 {
		return s, ""
	}
	return s[:end], s[end:]
}

// set takes one variable of the agent's (ECS developer guide, "Amazon ECS container agent configuration").
func (conf *Config) set(name, value string) {
	if flag, ok := conf.flags()[name]; ok {
		*flag, _ = strconv.ParseBool(value)
		return
	}
	switch name {
	case "ECS_CLUSTER":
		conf.Cluster = cmp.Or(value, defaultCluster)
	case "ECS_INSTANCE_ATTRIBUTES":
		conf.attributes = readMap(value)
	case "ECS_CONTAINER_INSTANCE_TAGS":
		conf.Tags = readMap(value)
	case "ECS_CONTAINER_INSTANCE_PROPAGATE_TAGS_FROM":
		conf.EC2Tags = value == "ec2_instance"
	case "ECS_RESERVED_MEMORY":
		conf.reservedMemory, _ = strconv.Atoi(value)
	case "ECS_RESERVED_PORTS":
		conf.ports = readPorts(value, conf.ports)
	case "ECS_RESERVED_PORTS_UDP":
		conf.portsUDP = readPorts(value, conf.portsUDP)
	case "ECS_AVAILABLE_LOGGING_DRIVERS":
		var drivers []string
		if json.Unmarshal([]byte(value), &drivers) == nil {
			conf.drivers = drivers
		}
	}
}

// flags are the variables that are true or false.
func (conf *Config) flags() map[string]*bool {
	return map[string]*bool{
		"ECS_ENABLE_GPU_SUPPORT":            &conf.gpu,
		"ECS_DISABLE_PRIVILEGED":            &conf.unprivileged,
		"ECS_AWSVPC_BLOCK_IMDS":             &conf.blockMetadata,
		"ECS_DISABLE_DOCKER_HEALTH_CHECK":   &conf.noHealthCheck,
		"ECS_SELINUX_CAPABLE":               &conf.selinux,
		"ECS_APPARMOR_CAPABLE":              &conf.apparmor,
		"ECS_ENABLE_SPOT_INSTANCE_DRAINING": &conf.SpotDraining,
	}
}

// readMap reads a JSON object of texts, in order of key; what is none says nothing.
func readMap(text string) world.Tags {
	var values map[string]string
	if json.Unmarshal([]byte(text), &values) != nil {
		return nil
	}
	var out world.Tags
	for _, k := range slices.Sorted(maps.Keys(values)) {
		out = append(out, world.Tag{Key: k, Value: values[k]})
	}
	return out
}

// readPorts reads a JSON list of ports; what is none leaves the old ones.
func readPorts(text string, old []string) []string {
	var ports []int
	if json.Unmarshal([]byte(text), &ports) != nil {
		return old
	}
	var out []string
	for _, p := range ports {
		out = append(out, strconv.Itoa(p))
	}
	return out
}

// WithoutGPUs is a configuration for an instance that has no id yet to name its GPUs by.
func (conf Config) WithoutGPUs() Config {
	conf.gpu = false
	return conf
}
