package definition

import "berth/internal/sim/wire"

func invalid(format string, a ...any) error {
	return wire.Errorf("InvalidParameterException", format, a...)
}

func client(format string, a ...any) error { return wire.Errorf("ClientException", format, a...) }

func missing(name string) error { return invalid("%s can not be blank.", name) }

func unsupported(what string) error {
	return wire.Errorf("UnsupportedFeatureException", "%s is not available in this Region.", what)
}
